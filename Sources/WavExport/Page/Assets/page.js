"use strict";
const description = JSON.parse(document.getElementById("description").textContent);
document.getElementById("title").textContent = description.title;
document.getElementById("text").textContent = description.text;
