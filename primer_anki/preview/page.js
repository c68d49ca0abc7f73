"use strict";
// The preview page: a list of cards, of which only the visible rows are drawn, and one card as Anki shows it.

const data = JSON.parse(document.getElementById("data").textContent);
const cards = data.cards;
const ROW = 56; // Height of a row in px, as in page.css.
const SPARE = 6; // Rows drawn above and below the visible ones.
const PAGE = 10; // Cards that Page Down moves on.

const $ = (id) => document.getElementById(id);
const list = $("list");
const rows = $("rows");
const search = $("search");
const filters = ["deck", "topic", "pattern", "tag", "finding"].map($);
const switches = ["flip", "phone", "night"];

const state = { flip: false, phone: false, night: matchMedia("(prefers-color-scheme: dark)").matches };
let shown = []; // Indices into cards, after search and filters.
let at = 0; // Position in shown.

// ---- Search and filters

const FINDING = {
  any: (card) => card.findings.length > 0,
  none: (card) => card.findings.length === 0,
};
const ACCEPTS = {
  deck: (card, value) => card.deck === Number(value),
  topic: (card, value) => card.topic === Number(value),
  pattern: (card, value) => card.pattern === value,
  tag: (card, value) => card.tags.some((tag) => tag === value || tag.startsWith(`${value}::`)),
  finding: (card, value) =>
    FINDING[value] ? FINDING[value](card) : card.findings.some((n) => `rule:${data.findings[n].rule}` === value),
};

function fold(text) {
  return text.normalize("NFKD").replace(/\p{Mn}/gu, "").toLowerCase();
}

function haystack(card) {
  card.haystack ??= fold([card.question, card.answer, place(card), card.guid, card.template, ...card.tags].join("\n"));
  return card.haystack;
}

function select() {
  const words = fold(search.value).split(/\s+/).filter(Boolean);
  const chosen = filters.filter((filter) => filter.value);
  const kept = cards[shown[at]];
  shown = [...cards.keys()].filter(
    (n) =>
      chosen.every((filter) => ACCEPTS[filter.id](cards[n], filter.value)) &&
      words.every((word) => haystack(cards[n]).includes(word)),
  );
  at = Math.max(0, shown.findIndex((n) => cards[n] === kept));
  rows.style.height = `${shown.length * ROW}px`;
  $("count").textContent = `${shown.length} of ${cards.length} cards`;
  show();
}

function options(filter, all, pairs) {
  filter.replaceChildren(new Option(all, ""), ...pairs.map(([text, value]) => new Option(text, value)));
  filter.hidden = pairs.length < 2;
}

function count(values) {
  const counts = new Map();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return counts;
}

function fillFilters() {
  const counted = (counts) => [...counts].map(([value, number]) => [`${value} (${number})`, value]);
  const byName = ([a], [b]) => (a < b ? -1 : 1);
  const branches = (tag) => tag.split("::").map((_, n, parts) => parts.slice(0, n + 1).join("::"));
  const tags = count(cards.flatMap((card) => [...new Set(card.tags.flatMap(branches))]));
  const rules = count(cards.flatMap((card) => card.findings.map((n) => data.findings[n].rule)));
  options($("deck"), "All decks", data.decks.map((name, n) => [name, n]));
  options($("topic"), "All topics", data.topics.map((topic, n) => [topic.name, n]));
  options($("pattern"), "All patterns", counted(count(cards.map((card) => card.pattern))));
  options($("tag"), "All tags", counted(new Map([...tags].sort(byName))));
  options($("finding"), "Any findings", [
    ["With findings", "any"],
    ["Without findings", "none"],
    ...[...rules].sort(byName).map(([rule, number]) => [`${rule} (${number})`, `rule:${rule}`]),
  ]);
  $("finding").hidden = data.findings.length === 0;
}

// ---- The list

function element(tag, text, attributes = {}) {
  const made = document.createElement(tag);
  made.textContent = text;
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  return made;
}

function row(position) {
  const card = cards[shown[position]];
  const made = element("div", "", {
    role: "option",
    class: "row",
    id: `row-${position}`,
    "aria-selected": position === at,
    "aria-setsize": shown.length,
    "aria-posinset": position + 1,
  });
  made.style.top = `${position * ROW}px`;
  const about = [data.topics[card.topic].name, card.pattern, card.template].filter(Boolean).join(" · ");
  made.append(element("div", card.question), element("div", about));
  if (card.findings.length) {
    const worst = card.findings.some((n) => data.findings[n].severity === "error") ? "error" : "warning";
    made.lastChild.prepend(element("span", `▲ ${card.findings.length} `, { class: worst }));
  }
  made.addEventListener("click", () => go(position));
  return made;
}

function draw() {
  const first = Math.max(0, Math.floor(list.scrollTop / ROW) - SPARE);
  const last = Math.min(shown.length, Math.ceil((list.scrollTop + list.clientHeight) / ROW) + SPARE);
  const positions = new Set(shown.length ? [at] : []); // The chosen row always exists: the list refers to it.
  for (let position = first; position < last; position++) positions.add(position);
  rows.replaceChildren(...[...positions].sort((a, b) => a - b).map(row));
  if (shown.length) list.setAttribute("aria-activedescendant", `row-${at}`);
  else list.removeAttribute("aria-activedescendant");
}

function reveal() {
  const top = at * ROW;
  if (top < list.scrollTop) list.scrollTop = top;
  else if (top + ROW > list.scrollTop + list.clientHeight) list.scrollTop = top + ROW - list.clientHeight;
}

function go(position) {
  at = Math.min(Math.max(position, 0), Math.max(shown.length - 1, 0));
  show();
}

// ---- The card

const frame = $("card");

function embed(html) {
  // Pictures come from the page itself; what is not in it is not fetched.
  const source = /(<(?:img|audio|video|source)\b[^>]*?) src="([^"]*)"/g;
  return html.replace(source, (_, tag, name) => (data.media[name] ? `${tag} src="${data.media[name]}"` : tag));
}

function showCard(card) {
  const page = frame.contentDocument;
  if (!page?.getElementById("look")) return; // Not loaded yet; it calls again.
  const night = state.night ? ["nightMode", "night_mode"] : [];
  page.documentElement.className = [...(state.phone ? ["mobile", "android"] : []), "linux"]
    .concat(state.night ? ["night-mode"] : [])
    .join(" ");
  page.body.className = ["card", `card${(card?.ordinal ?? 0) + 1}`, ...night].join(" ");
  const look = data.css[card?.css ?? 0] ?? "";
  if (page.getElementById("look").textContent !== look) page.getElementById("look").textContent = look;
  const back = card?.continues ? card.front + card.back : card?.back;
  page.body.innerHTML = `<div id="qa">${card ? embed(state.flip ? back : card.front) : ""}</div>`;
  page.documentElement.scrollTop = 0;
}

function loadFrame() {
  frame.srcdoc =
    '<!doctype html><html><head><meta charset="utf-8"><base target="_blank"><style id="client"></style>' +
    '<style id="look"></style></head><body></body></html>';
  frame.addEventListener("load", () => {
    frame.contentDocument.getElementById("client").textContent = data.frame;
    frame.contentDocument.addEventListener("keydown", onKey);
    showCard(cards[shown[at]]);
  });
}

function place(card) {
  return card.line ? `${data.topics[card.topic].path}:${card.line}` : "";
}

function finding({ severity, rule, message, hint, where }) {
  const made = element("li", `${severity}${rule ? `: ${rule}` : ""}`, { class: severity });
  made.append(element("span", message, { dir: "auto" }));
  if (hint) made.append(element("span", hint, { class: "hint" }));
  if (where) made.append(element("span", where, { class: "hint" }));
  return made;
}

function fact(name, ...values) {
  if (!values.some(Boolean)) return [];
  const shownValues = values.map((value) => {
    const made = element("dd", "", { dir: "auto" });
    made.append(value);
    return made;
  });
  return [element("dt", name), ...shownValues];
}

function showFacts(card) {
  $("findings").replaceChildren(...(card?.findings ?? []).map((n) => finding({ ...data.findings[n], where: "" })));
  if (!card) return $("facts").replaceChildren();
  const href = data.topics[card.topic].href;
  const file = href ? element("a", place(card), { href, target: "_blank" }) : place(card);
  $("facts").replaceChildren(
    ...fact("Place", file),
    ...fact("Section", card.trail.join(" › ")),
    ...fact("Pattern", card.pattern),
    ...fact("Card", card.template),
    ...fact("Tags", ...card.tags),
    ...fact("Deck", data.decks[card.deck]),
    ...fact("Note ID", card.guid),
    ...fact("Words in the answer", String(card.words)),
  );
}

function show() {
  const card = cards[shown[at]];
  reveal();
  draw();
  showCard(card);
  showFacts(card);
  if (card) history.replaceState(null, "", `#${encodeURIComponent(card.guid)}.${card.ordinal}`);
  remember();
}

// ---- Switches

function toggle(name) {
  state[name] = !state[name];
  showSwitches();
  showCard(cards[shown[at]]);
  remember();
}

function showSwitches() {
  for (const name of switches) $(name).setAttribute("aria-pressed", state[name]);
  document.documentElement.classList.toggle("night", state.night);
  document.documentElement.classList.toggle("phone", state.phone);
}

// ---- What outlives a reload: the card stands in the address, the rest in the session

function remember() {
  try {
    const values = Object.fromEntries([search, ...filters].map((input) => [input.id, input.value]));
    sessionStorage.setItem("preview", JSON.stringify({ state, values }));
  } catch {
    // No storage for this page: then a reload starts afresh.
  }
}

function recall() {
  try {
    const kept = JSON.parse(sessionStorage.getItem("preview") ?? "{}");
    Object.assign(state, kept.state);
    for (const [id, value] of Object.entries(kept.values ?? {})) $(id).value = value;
    for (const filter of filters) if (filter.selectedIndex < 0) filter.value = "";
  } catch {
    // As above.
  }
}

function fromAddress() {
  const [guid, ordinal] = location.hash.slice(1).split(/\.(?=\d+$)/);
  const named = (n) => encodeURIComponent(cards[n].guid) === guid;
  const exact = shown.findIndex((n) => named(n) && String(cards[n].ordinal) === ordinal);
  return Math.max(0, exact >= 0 ? exact : shown.findIndex(named));
}

// ---- Keys

const KEYS = {
  ArrowDown: () => go(at + 1),
  ArrowUp: () => go(at - 1),
  j: () => go(at + 1),
  k: () => go(at - 1),
  PageDown: () => go(at + PAGE),
  PageUp: () => go(at - PAGE),
  Home: () => go(0),
  End: () => go(shown.length - 1),
  " ": () => toggle("flip"),
  f: () => toggle("flip"),
  p: () => toggle("phone"),
  n: () => toggle("night"),
  c: () => $("charts").showModal(),
  "?": () => $("keys").showModal(),
  "/": () => search.focus(),
};
const IN_SEARCH = ["ArrowDown", "ArrowUp", "PageDown", "PageUp"]; // While one types, only these move.

function onKey(event) {
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  const target = event.target;
  if (event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]")) return;
  if (target === search && key === "Escape") {
    search.value = "";
    select();
    list.focus();
  }
  const typing = target === search ? !IN_SEARCH.includes(key) : target.nodeName === "SELECT";
  const pressing = target.nodeName === "BUTTON" && key === " ";
  const scrolling = target.ownerDocument === frame.contentDocument && !["j", "k"].includes(key) && key.length > 1;
  if (typing || pressing || scrolling || !KEYS[key]) return;
  event.preventDefault();
  KEYS[key]();
}

// ---- Reload when `watch` has built anew

function follow() {
  const events = new EventSource("/events");
  events.addEventListener("message", ({ data: version }) => {
    if (version !== data.version) location.reload();
  });
}

function problem(text) {
  $("problem").textContent = text;
  $("problem").hidden = !text;
}

function start() {
  fillFilters();
  recall();
  showSwitches();
  problem(data.problem);
  $("other-findings").replaceChildren(...data.elsewhere.map((n) => finding(data.findings[n])));
  $("other-button").textContent = `Other findings (${data.elsewhere.length})`;
  $("other-button").hidden = data.elsewhere.length === 0;
  for (const name of switches) $(name).addEventListener("click", () => toggle(name));
  for (const name of ["charts", "other", "keys"]) $(`${name}-button`).addEventListener("click", () => $(name).showModal());
  for (const filter of filters) filter.addEventListener("change", select);
  search.addEventListener("input", select);
  list.addEventListener("scroll", draw);
  addEventListener("resize", draw);
  addEventListener("hashchange", () => go(fromAddress()));
  document.addEventListener("keydown", onKey);
  $("previous").addEventListener("click", () => go(at - 1));
  $("next").addEventListener("click", () => go(at + 1));
  const address = location.hash; // select() writes it.
  loadFrame();
  select();
  history.replaceState(null, "", address || location.hash);
  go(fromAddress());
  list.scrollTop = at * ROW - (list.clientHeight - ROW) / 2;
  list.focus({ preventScroll: true });
  if (data.live) follow();
}

start();
