// Approving: first what it is, and what has changed since somebody approved it; then it is recorded by a name.
export function takeApproval(strip, dialog, changed) {
  const body = dialog.querySelector("[data-body]");

  async function show(path, form) {
    const answer = await fetch(path, { method: "POST", body: new URLSearchParams(form) });
    body.innerHTML = await answer.text();
    body.querySelector("input[name=name]")?.focus();
    return answer;
  }

  strip.addEventListener("click", ({ target }) => {
    if (!target.matches("[data-approve]")) return;
    body.textContent = dialog.dataset.looking;
    dialog.showModal();
    show("/approval", {});
  });
  body.addEventListener("submit", async (event) => {
    event.preventDefault();
    const answer = await fetch("/approve", { method: "POST", body: new URLSearchParams(new FormData(event.target)) });
    if (answer.status !== 204) body.innerHTML = await answer.text();
    else await show("/approval", {});
    changed();
  });
}
