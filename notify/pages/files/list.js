// The list: of any length, and only the part of it that is seen is there.
const HEIGHT = 46;
const MARGIN = 40;
const TALLEST = 8_000_000; // what browsers scroll

export class List {
  constructor(box, rows, search, pick) {
    Object.assign(this, { box, rows, pick, words: "", group: "", total: 0, selected: null, first: 0, count: 0 });
    box.addEventListener("scroll", () => requestAnimationFrame(() => this.#scrolled()));
    box.addEventListener("click", ({ target }) => this.#choose(target.closest("[data-number]")));
    box.addEventListener("keydown", (event) => this.#press(event));
    let timer = 0;
    search.addEventListener("input", () => {
      clearTimeout(timer);
      timer = setTimeout(() => this.ask({ words: search.value }), 80);
    });
    search.addEventListener("keydown", async ({ key }) => {
      if (key !== "Enter" && key !== "ArrowDown") return;
      clearTimeout(timer);
      await this.ask({ words: search.value });
      box.focus();
      this.#choose(rows.querySelector("[data-number]"));
    });
    new ResizeObserver(() => this.#scrolled()).observe(box);
  }

  get #query() {
    return new URLSearchParams({ words: this.words, group: this.group });
  }

  // So many pixels of the list pass for one that is scrolled: more than one where it is taller than browsers scroll.
  get #pace() {
    const [whole, seen] = [this.total * HEIGHT, this.box.clientHeight];
    return whole > TALLEST ? (whole - seen) / (TALLEST - seen) : 1;
  }

  // The row at the upper edge, with its part that is scrolled away.
  get #top() {
    return (this.box.scrollTop * this.#pace) / HEIGHT;
  }

  // Ask for others than before.
  async ask(wanted) {
    Object.assign(this, wanted);
    this.box.scrollTop = 0;
    await this.load(true);
  }

  // Load what is seen, with some rows more on either side.
  async load(anew = false) {
    const seen = Math.ceil(this.box.clientHeight / HEIGHT) || 20;
    const top = Math.floor(this.#top);
    if (!anew && top >= this.first && top + seen <= this.first + this.count) return;
    const query = this.#query;
    query.set("first", Math.max(0, top - MARGIN));
    query.set("count", seen + 2 * MARGIN);
    const asked = String(query);
    this.asked = asked;
    const answer = await fetch(`/list?${asked}`);
    if (!answer.ok || this.asked !== asked) return;
    this.rows.innerHTML = await answer.text();
    const block = this.rows.firstElementChild;
    this.total = Number(block.dataset.total);
    this.first = Number(block.dataset.first);
    this.count = block.childElementCount;
    this.rows.style.height = `${Math.min(TALLEST, this.total * HEIGHT)}px`;
    this.#place();
    this.#mark();
  }

  firstNumber() {
    return Number(this.rows.querySelector("[data-number]")?.dataset.number ?? 0);
  }

  async beside(number, steps) {
    const query = this.#query;
    query.set("number", number ?? -1);
    query.set("steps", steps);
    const found = await (await fetch(`/beside?${query}`)).text();
    return found === "" ? null : Number(found);
  }

  select(number, { scrolls }) {
    this.selected = number;
    this.#mark();
    if (scrolls) this.#reveal();
  }

  #mark() {
    for (const row of this.rows.querySelectorAll("[data-number]")) {
      row.setAttribute("aria-selected", String(Number(row.dataset.number) === this.selected));
    }
    const there = document.getElementById(`entry-${this.selected}`);
    if (there) this.box.setAttribute("aria-activedescendant", there.id);
    else this.box.removeAttribute("aria-activedescendant");
  }

  // Bring the selected row into sight, where it is among those that are loaded or near them.
  #reveal() {
    const row = document.getElementById(`entry-${this.selected}`);
    if (row) row.scrollIntoView({ block: "nearest" });
    else if (!this.words && !this.group) {
      this.box.scrollTop = (this.selected * HEIGHT - this.box.clientHeight / 2) / this.#pace;
    }
  }

  #place() {
    const offset = this.#pace > 1 ? this.box.scrollTop - (this.#top - this.first) * HEIGHT : this.first * HEIGHT;
    const block = this.rows.firstElementChild;
    if (block) block.style.transform = `translateY(${offset}px)`;
  }

  #scrolled() {
    if (this.#pace > 1) this.#place();
    this.load();
  }

  #choose(row) {
    if (!row) return;
    this.box.dispatchEvent(new Event("picked"));
    this.pick(Number(row.dataset.number));
  }

  async #press(event) {
    const page = Math.max(1, Math.floor(this.box.clientHeight / HEIGHT) - 1);
    const steps = { ArrowDown: 1, ArrowUp: -1, PageDown: page, PageUp: -page, Home: -this.total, End: this.total }[event.key];
    if (event.key === "Enter") this.box.dispatchEvent(new Event("picked"));
    if (!steps) return;
    event.preventDefault();
    const found = await this.beside(this.selected, steps);
    if (found !== null) this.pick(found);
    else this.#reveal();
  }
}
