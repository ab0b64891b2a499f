// The account menu closes with Escape and with a click elsewhere.
const account = document.querySelector("details.account");

if (account) {
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !account.open) return;
    account.open = false;
    account.querySelector("summary").focus();
    event.stopPropagation();
  }, true);
  document.addEventListener("click", (event) => {
    if (!account.contains(event.target)) account.open = false;
  });
}
