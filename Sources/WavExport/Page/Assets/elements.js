// SPDX-License-Identifier: GPL-2.0-or-later
// The elements of the document. All texts go in as text, never as markup.

const byId = (id) => document.getElementById(id);

function element(name, members = {}, ...children) {
  const node = Object.assign(document.createElement(name), members);
  node.append(...children);
  return node;
}

function setText(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

/** The colours that a description asks for, as those of the page, which has none for paper: paper is light. */
function askedTheme({ theme }) {
  return theme === "print" ? "light" : ["light", "dark"].find((name) => name === theme);
}

/** The colours of the page and of its choice. */
function showTheme(theme) {
  if (theme === "auto") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
  byId("theme").value = theme;
}

/** Says why there is nothing to see. */
function showFailure(error) {
  const failure = byId("failure");
  failure.textContent = `This page cannot be shown. ${error.message}`;
  failure.hidden = false;
}
