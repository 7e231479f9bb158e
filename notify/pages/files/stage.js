// The stage: the message in a frame without scripts. A new one is loaded behind the old one, and then takes its place.
const DESKTOP = 880;
const HIGHLIGHT = "::highlight(found) { background: #ffe066; color: #000 }";

export class Stage {
  #superseded = () => {};

  constructor(box, scale) {
    Object.assign(this, { box, scale, frame: null, loading: null, number: null, version: 0, view: null, only: false, onkey: null });
    Object.assign(this, { sought: [], settled: Promise.resolve() });
    new ResizeObserver(() => this.#fit()).observe(box);
  }

  // Show a message; resolves when it is seen.
  show(number, version, view, keepsPlace) {
    const same = keepsPlace && number === this.number;
    Object.assign(this, { number, version, view: { ...view } });
    return this.#load(same);
  }

  // Look at the same message otherwise.
  look(view) {
    const { part, plain, bare, dark } = this.view;
    this.view = { ...view };
    this.#fit();
    const stays = part === view.part && plain === view.plain && bare === view.bare && dark === view.dark;
    return stays ? Promise.resolve() : this.#load(part === view.part);
  }

  // Of a message that is plain text only, the text is what is shown.
  hasHtml(yes) {
    this.box.classList.toggle("text-only", !yes);
    if (this.only !== !yes) {
      this.only = !yes;
      if (this.view.part === "html") this.#load(false);
    }
  }

  // Scroll the message by a part of what is seen of it.
  scroll(part) {
    const inner = this.frame?.contentWindow;
    inner?.scrollBy(0, part * inner.innerHeight);
  }

  // Show the place of the first of these words that stands in the message.
  async find(words) {
    this.sought = words;
    await this.settled;
    this.#mark()?.startContainer.parentElement?.scrollIntoView({ block: "center" });
  }

  #mark() {
    const inner = this.frame?.contentDocument;
    const place = inner && this.sought.map((one) => rangeOf(inner, one)).find(Boolean);
    const { Highlight, CSS } = this.frame?.contentWindow ?? {};
    if (place && Highlight && CSS?.highlights) CSS.highlights.set("found", new Highlight(place));
    return place;
  }

  #load(keepsPlace) {
    const { part, plain, bare, dark } = this.view;
    const shown = part === "html" && this.only ? "text" : part;
    const frame = document.createElement("iframe");
    frame.setAttribute("sandbox", "allow-same-origin");
    frame.title = this.box.dataset.title;
    frame.className = "coming";
    frame.src = `/message/${this.number}/${shown}?style=${plain ? 0 : 1}&pictures=${bare ? 0 : 1}&dark=${dark ? 1 : 0}&v=${this.version}`;
    this.loading?.remove();
    this.loading = frame;
    this.#superseded();
    this.#size(frame);
    if (!keepsPlace) this.sought = [];
    return (this.settled = new Promise((resolve) => {
      this.#superseded = resolve;
      frame.addEventListener("load", () => {
        if (this.loading !== frame) return;
        this.loading = null;
        if (keepsPlace) this.#sameplace(frame);
        this.#prepare(frame);
        this.frame?.remove();
        this.frame = frame;
        frame.className = dark ? "dark" : "";
        this.#mark();
        requestAnimationFrame(() => requestAnimationFrame(resolve));
      });
      this.box.append(frame);
    }));
  }

  #sameplace(frame) {
    const { scrollX, scrollY } = this.frame?.contentWindow ?? { scrollX: 0, scrollY: 0 };
    frame.contentWindow.scrollTo(scrollX, scrollY);
  }

  // Keys work in the message too; nothing in it leads anywhere, be it that the browser does not know `inert`.
  #prepare(frame) {
    const inner = frame.contentDocument;
    if (!inner) return;
    inner.addEventListener("keydown", (event) => this.onkey?.(event));
    for (const kind of ["click", "auxclick", "submit"]) inner.addEventListener(kind, (event) => event.preventDefault(), true);
    const style = inner.createElement("style");
    style.textContent = HIGHLIGHT;
    inner.head?.append(style);
  }

  #fit() {
    if (!this.view) return;
    for (const frame of [this.frame, this.loading]) if (frame) this.#size(frame);
  }

  // As wide as the window of a reader, made smaller where there is no room for it.
  #size(frame) {
    const room = this.box.clientWidth - 32;
    // a desktop is as wide as it is
    const asked = Number(this.view.width);
    const width = asked === DESKTOP ? Math.max(DESKTOP, Math.min(room, 1200)) : asked;
    const ratio = Math.min(1, room / width);
    frame.style.width = `${width}px`;
    frame.style.height = `${(this.box.clientHeight - 32) / ratio}px`;
    frame.style.transform = `translateX(-50%) scale(${ratio})`;
    this.scale.textContent = ratio < 1 ? `${Math.round(width)} px · ${Math.round(ratio * 100)} %` : `${Math.round(width)} px`;
  }
}

function rangeOf(inner, words) {
  const walker = inner.createTreeWalker(inner.body ?? inner, NodeFilter.SHOW_TEXT);
  const wanted = words.replace(/\s+/g, " ").trim();
  while (wanted && walker.nextNode()) {
    const text = walker.currentNode.data.replace(/\s/g, " ");
    const start = text.indexOf(wanted);
    if (start < 0) continue;
    const range = inner.createRange();
    range.setStart(walker.currentNode, start);
    range.setEnd(walker.currentNode, start + wanted.length);
    return range;
  }
  return null;
}
