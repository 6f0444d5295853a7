// The one script of the local page. Without it every page works; with it dropped files are taken anywhere on the page
// and the progress of a long screening is shown without loading the page again.
"use strict";

const hidden = /[\u0000-\u001f\u007f-\u009f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g;
const seen = (text) =>
  text.replace(hidden, (sign) => "\u27e8U+" + sign.charCodeAt(0).toString(16).toUpperCase().padStart(4, "0") + "\u27e9");

function tellChosen(input) {
  const told = document.getElementById(input.id + "-chosen");
  if (!told) return;
  const names = Array.from(input.files, (file) => seen(file.name));
  told.textContent = names.length ? told.dataset.words.replace("{count}", names.length) + " " + names.join(", ") : "";
}

function takeDrops() {
  const main = document.getElementById("file");
  if (!main) return;
  const area = main.closest(".drop");
  for (const kind of ["dragover", "dragleave", "drop"]) {
    document.addEventListener(kind, (event) => {
      if (!event.dataTransfer || !Array.from(event.dataTransfer.types).includes("Files")) return;
      const field = event.target instanceof HTMLInputElement && event.target.type === "file" ? event.target : main;
      if (field === main) area.classList.toggle("over-it", kind === "dragover");
      if (kind === "dragleave" || (kind === "drop" && field !== main)) return;
      event.preventDefault();
      if (kind === "drop") {
        main.files = event.dataTransfer.files;
        tellChosen(main);
        main.focus();
      }
    });
  }
}

function follow(box) {
  const words = box.querySelector("[data-words]");
  const bar = box.querySelector("progress");
  let last = "";
  const look = async () => {
    let told;
    try {
      told = await (await fetch(box.dataset.job, { cache: "no-store" })).json();
    } catch {
      window.setTimeout(look, 3000);
      return;
    }
    if (told.state !== "running") {
      window.location.replace(box.dataset.here);
      return;
    }
    if (told.text !== last) words.textContent = last = told.text;
    if (told.total) {
      bar.max = told.total;
      bar.value = told.done;
    } else {
      bar.removeAttribute("value");
    }
    window.setTimeout(look, 700);
  };
  window.setTimeout(look, 300);
}

for (const input of document.querySelectorAll("input[type=file]")) {
  input.addEventListener("change", () => tellChosen(input));
}
for (const form of document.querySelectorAll("form[data-once]")) {
  form.addEventListener("submit", (event) => {
    if (form.dataset.sent) event.preventDefault();
    form.dataset.sent = "yes";
    const told = form.querySelector("[data-sending]");
    if (told) told.textContent = told.dataset.sending;
  });
}
window.addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-once]")) delete form.dataset.sent;
});
takeDrops();
const box = document.querySelector("[data-job]");
if (box) follow(box);
