# SPDX-License-Identifier: GPL-2.0-or-later
"""Real outputs against the schemas in docs/schemas, and wrong ones, which must be refused."""

import copy
import json
import tempfile
import unittest
from pathlib import Path

from jsonschema import Draft202012Validator
from outputs import Outputs
from program import SCHEMAS, document

OUTPUTS = None
FOLDER = None


def setUpModule():
    global OUTPUTS, FOLDER
    FOLDER = tempfile.TemporaryDirectory(prefix="wavfft-formats-")
    OUTPUTS = Outputs(Path(FOLDER.name))


def tearDownModule():
    FOLDER.cleanup()


def validator(name):
    return Draft202012Validator(document(SCHEMAS[name]))


def members(value):
    """Names of all members in a document."""
    if isinstance(value, dict):
        return set(value).union(*map(members, value.values()))
    if isinstance(value, list):
        return set().union(*map(members, value))
    return set()


def properties(schema):
    """Names of all members that a schema allows."""
    if isinstance(schema, list):
        return set().union(*map(properties, schema))
    if not isinstance(schema, dict):
        return set()
    own = schema.get("properties", {})
    allowed = {name for name, value in own.items() if value is not False}
    return allowed.union(*(properties(value) for key, value in schema.items() if key != "properties"),
                         *map(properties, own.values()))


def objects(value, path=()):
    """All objects in a document, with their places."""
    if isinstance(value, dict):
        yield path, value
        for name, inner in value.items():
            yield from objects(inner, (*path, name))
    elif isinstance(value, list):
        # Further elements are like the first.
        for index, inner in enumerate(value[:1]):
            yield from objects(inner, (*path, index))


def changed(value, path, change):
    """A copy with one object changed."""
    result = copy.deepcopy(value)
    place = result
    for step in path:
        place = place[step]
    change(place)
    return result


class SchemaTests(unittest.TestCase):
    def test_every_schema_is_one(self):
        self.assertEqual(set(SCHEMAS), set(OUTPUTS.documents))
        for name, path in SCHEMAS.items():
            schema = document(path)
            Draft202012Validator.check_schema(schema)
            self.assertEqual(schema["$id"], f"urn:wavfft:schema:{name}:1")
            for word in ("title", "description"):
                self.assertTrue(schema[word].strip(), f"{path}: {word}")

    def test_every_member_has_a_description(self):
        def check(name, value, path):
            if isinstance(value, list):
                for inner in value:
                    check(name, inner, path)
            if not isinstance(value, dict):
                return
            for member, inner in value.get("properties", {}).items():
                if isinstance(inner, dict) and "additionalProperties" in value:
                    described = inner.get("description") or inner.get("$ref")
                    self.assertTrue(described, f"{name}: {path}.{member}")
            for key, inner in value.items():
                check(name, inner, f"{path}.{key}")

        for name, path in SCHEMAS.items():
            check(name, document(path), "")

    def test_real_outputs_fulfil_their_schemas(self):
        for name, outputs in OUTPUTS.documents.items():
            check = validator(name)
            for title, value in outputs:
                for error in check.iter_errors(value):
                    place = "/".join(map(str, error.absolute_path))
                    self.fail(f"{name}, {title}: {place}: {error.message[:300]}")

    def test_every_member_of_a_schema_is_written(self):
        for name, outputs in OUTPUTS.documents.items():
            seen = members([value for _, value in outputs])
            self.assertEqual(properties(document(SCHEMAS[name])) - seen, set(), name)

    def test_documents_name_their_schema(self):
        for name, outputs in OUTPUTS.documents.items():
            if name == "page":
                continue
            for title, value in outputs:
                for each in value if isinstance(value, list) else [value]:
                    self.assertEqual(each["schema"], f"wavfft-{name}/1", title)

    def test_silence_is_null(self):
        titles = dict(OUTPUTS.documents["spectrum"])
        rows = titles["silence in a file, exact"]["spectrum"]
        self.assertTrue(rows)
        self.assertTrue(all(row["level_dbfs"] is None and row["magnitude"] == 0 for row in rows))
        self.assertIsNone(titles["silence, welch"]["signal"]["rms_dbfs"])
        bands = titles["octave, A, f/silence.wav"]["proportional_bands"]
        self.assertIsNone(bands["total_dbfs"])
        self.assertTrue(all(band["a_weighted_level_db"] is None for band in bands["bands"]))


class RefusalTests(unittest.TestCase):
    """A schema that refuses nothing would accept all real outputs, too."""

    # Objects whose members are names of phases, parameters, bands or extensions.
    FREE = {"timings_seconds", "parameters", "band_levels", "output_bytes", "output_digests"}

    def samples(self):
        """Some documents of each schema."""
        for name, outputs in OUTPUTS.documents.items():
            # The first ones are of short recordings.
            small = sorted(outputs, key=lambda output: len(json.dumps(output[1])))
            for title, value in small[:: max(1, len(small) // 12)]:
                if len(json.dumps(value)) < 60_000:
                    yield name, title, value

    def refused(self, name, title, value, what):
        self.assertFalse(validator(name).is_valid(value), f"{name}, {title}: {what} is not noticed")

    def test_a_member_that_is_not_described(self):
        for name, title, value in self.samples():
            for path, _ in objects(value):
                if path and path[-1] in self.FREE:
                    continue
                self.refused(name, title, changed(value, path, lambda place: place.update(surprise=1)), path)

    def test_a_member_of_another_type(self):
        for name, title, value in self.samples():
            for path, inner in objects(value):
                for member in inner:
                    wrong = changed(value, path, lambda place: place.update({member: {"surprise": True}}))
                    if member in self.FREE or (path and path[-1] == "parameters"):
                        wrong = changed(value, path, lambda place: place.update({member: [True]}))
                    self.refused(name, title, wrong, (*path, member))

    def test_a_missing_member(self):
        for name, title, value in self.samples():
            self.refused(name, title, changed(value, self.root(value), lambda place: place.clear()), "everything")
            for member in ("schema", "transform", "input", "level_reference", "verdict", "spectra", "bands", "path",
                           "table", "arrays", "files", "window_sum", "sample_rate_hz"):
                place = value[0] if isinstance(value, list) else value
                is_optional = (name, member) in {("record", "sample_rate_hz"), ("table", "bands"), ("page", "bands")} or (
                    name == "comparison" and member == "path" and "reason" in place)
                if member not in place or is_optional:
                    continue
                self.refused(name, title, changed(value, self.root(value), lambda place: place.pop(member)), member)

    @staticmethod
    def root(value):
        return (0,) if isinstance(value, list) else ()

    def test_numbers_out_of_their_ranges(self):
        for name, title, value in self.samples():
            for path, inner in objects(value):
                for member, number in inner.items():
                    if member in {"sample_rate_hz", "frequency_hz", "transform_length", "bin_spacing_hz", "power",
                                  "parts", "bytes", "count", "files"} and isinstance(number, (int, float)):
                        wrong = changed(value, path, lambda place: place.update({member: -1}))
                        self.refused(name, title, wrong, (*path, member))

    def test_a_document_of_the_next_version(self):
        for name, title, value in self.samples():
            member, later = ("version", 2) if name == "page" else ("schema", f"wavfft-{name}/2")
            wrong = changed(value, self.root(value), lambda place: place.update({member: later}))
            self.refused(name, title, wrong, "the next version")

    def test_kinds_of_rows_are_not_mixed(self):
        spectra = dict(OUTPUTS.documents["spectrum"])
        bands, bins = spectra["file, exact"], spectra["every bin, exact"]
        mixed = {**bands, "spectrum": bands["spectrum"][:1] + bins["spectrum"][:1]}
        self.refused("spectrum", "mixed", mixed, "a bin among bands")


if __name__ == "__main__":
    unittest.main()
