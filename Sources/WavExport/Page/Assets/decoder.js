"use strict";
(() => {
  const element = document.currentScript.previousElementSibling;
  const text = atob(element.textContent), bytes = new Uint8Array(text.length);
  for (let index = 0; index < text.length; index++) bytes[index] = text.charCodeAt(index);
  (window.wavfftData ??= []).push(bytes);
  element.remove();
})();
