"use strict";
// Opens the part of the page that an address names, and for printing all but the tables of every cell.
const openFor = id => {
  const target = id && document.getElementById(decodeURIComponent(id));
  for (let part = target; part; part = part.parentElement) if (part.tagName === "DETAILS") part.open = true;
  if (target) target.scrollIntoView();
  return target;
};
document.addEventListener("click", event => {
  const link = event.target.closest('a[href^="#"]');
  if (link) openFor(link.hash.slice(1));
});
addEventListener("hashchange", () => openFor(location.hash.slice(1)));
openFor(location.hash.slice(1));
addEventListener("beforeprint", () => {
  document.querySelectorAll("details:not(.cells)").forEach(part => { part.open = true; });
  document.querySelectorAll("img").forEach(image => { image.loading = "eager"; });
});

// Tells in the navigation which section is being read.
const links = new Map([...document.querySelectorAll("nav > ul > li > a")].map(link => [link.hash.slice(1), link]));
const seen = new IntersectionObserver(entries => entries.forEach(entry => {
  if (!entry.isIntersecting) return;
  links.forEach(link => link.removeAttribute("aria-current"));
  links.get(entry.target.id).setAttribute("aria-current", "true");
}), { rootMargin: "-20% 0px -75%" });
document.querySelectorAll("main > section").forEach(section => seen.observe(section));

// The viewer: a figure alone, larger or smaller by wheel, buttons or keys, moved by dragging or scrolling.
const viewer = document.getElementById("viewer"), stage = viewer.querySelector(".stage"), large = stage.querySelector("img");
let scale = 1;
const fit = () => Math.min(stage.clientWidth / large.naturalWidth, stage.clientHeight / large.naturalHeight);
const show = (value, x = stage.clientWidth / 2, y = stage.clientHeight / 2) => {
  const smallest = Math.min(fit(), 1), next = Math.min(Math.max(value, smallest), 20 * smallest), ratio = next / scale;
  const left = (stage.scrollLeft + x) * ratio - x, top = (stage.scrollTop + y) * ratio - y;
  scale = next;
  large.style.width = `${large.naturalWidth * scale}px`;
  stage.scrollTo(left, top);
};
const actions = {
  in: () => show(scale * 1.5), out: () => show(scale / 1.5), fit: () => show(fit()), close: () => viewer.close(),
};
document.addEventListener("click", event => {
  const button = event.target.closest("button");
  if (button?.dataset.zoom) actions[button.dataset.zoom]();
  if (!button?.classList.contains("enlarge")) return;
  const image = button.querySelector("img");
  large.src = image.src;
  large.alt = image.alt;
  viewer.querySelector("h2").textContent = image.alt;
  viewer.showModal();
  stage.focus();
  // To open it must make it larger, on a phone as well, where the page shows it at full width already.
  large.decode().then(() => show(Math.max(fit(), 1.5 * image.clientWidth / large.naturalWidth)));
});
viewer.addEventListener("keydown", event => {
  const action = { "+": "in", "=": "in", "-": "out", 0: "fit" }[event.key];
  if (action) actions[action]();
});
stage.addEventListener("wheel", event => {
  event.preventDefault();
  const box = stage.getBoundingClientRect();
  show(scale * 2 ** (-event.deltaY / 300), event.clientX - box.left, event.clientY - box.top);
}, { passive: false });
stage.addEventListener("pointermove", event => {
  if (event.buttons === 1 && event.pointerType === "mouse") stage.scrollBy(-event.movementX, -event.movementY);
});
large.addEventListener("dragstart", event => event.preventDefault());

// Sorts a table by the column whose heading is clicked, first falling, then rising. A column is numeric if every cell
// starts with a number; empty cells come last.
document.addEventListener("click", event => {
  const head = event.target.closest("th[aria-sort]");
  if (!head) return;
  const table = head.closest("table"), falling = head.getAttribute("aria-sort") !== "descending";
  const rows = [...table.tBodies[0].rows].map(row => [row.cells[head.cellIndex].textContent.trim(), row]);
  const filled = rows.filter(([text]) => text !== "" && text !== "–");
  const numeric = filled.every(([text]) => /^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?($|[\s%])/i.test(text));
  const compare = numeric ? ([a], [b]) => parseFloat(a) - parseFloat(b) : ([a], [b]) => a.localeCompare(b);
  filled.sort((a, b) => falling ? compare(b, a) : compare(a, b));
  const empty = rows.filter(([text]) => text === "" || text === "–");
  table.tBodies[0].append(...[...filled, ...empty].map(([, row]) => row));
  table.querySelectorAll("th[aria-sort]").forEach(th => th.setAttribute("aria-sort", "none"));
  head.setAttribute("aria-sort", falling ? "descending" : "ascending");
});
