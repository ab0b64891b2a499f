// What every page needs: the language switch works without its button, and answers print.
const language = document.getElementById("language");
language.addEventListener("change", () => language.form.submit());
language.form.querySelector("button").hidden = true;

const print = document.getElementById("print");
if (print) {
  print.hidden = false;
  print.addEventListener("click", () => window.print());
}
