// Corrections of a contact: first what would change in the file, then the same is written.
export function takeCorrections(box) {
  const send = (form, what) =>
    fetch(`/message/${form.dataset.correct}/${what}`, { method: "POST", body: new URLSearchParams(new FormData(form)) });

  box.addEventListener("click", ({ target }) => {
    const form = target.closest("form[data-correct]");
    if (form && target.matches("[data-begin], [data-cancel]")) open(form, target.matches("[data-begin]"));
  });
  box.addEventListener("input", ({ target }) => target.closest("form")?.querySelector("[data-draft]").replaceChildren());
  box.addEventListener("submit", async (event) => {
    event.preventDefault();
    const form = event.target;
    const writes = event.submitter?.matches("[data-write]");
    const answer = await send(form, writes ? "correct" : "draft");
    if (answer.status === 204) return open(form, false);
    form.querySelector("[data-draft]").innerHTML = await answer.text();
    form.querySelector("[data-write]")?.focus();
  });
}

function open(form, yes) {
  form.querySelector("div").hidden = !yes;
  form.querySelector("[data-begin]").hidden = yes;
  form.querySelector("[data-draft]").replaceChildren();
  if (yes) form.querySelector("input, select").focus();
  else form.reset();
}
