// The first script of every page: what may become markup, keys, dialogs, live parts. Words come from the page.
"use strict";

(() => {
  const root = document.documentElement;

  // --- What may become markup -------------------------------------------------------------------------------------
  // htmx parses answers of this node while it swaps; at any other time text stays text.
  let swapping = false;
  document.addEventListener("htmx:beforeSwap", (event) => { swapping = event.detail.shouldSwap; }, true);
  for (const name of ["htmx:afterSwap", "htmx:swapError", "htmx:onLoadError"]) {
    document.addEventListener(name, () => { swapping = false; }, true);
  }
  const own = (address) => {
    const url = new URL(address, location.href);
    return url.origin === location.origin && url.pathname.startsWith("/static/");
  };
  if (window.trustedTypes && window.trustedTypes.createPolicy) {
    window.trustedTypes.createPolicy("default", {
      createHTML: (text) => (swapping ? text : null),
      createScriptURL: (address) => (own(address) ? address : null),
    });
  }

  document.body.classList.add("js-enabled", "govuk-frontend-supported");

  // --- Dialogs and menus ------------------------------------------------------------------------------------------
  const show = (id) => {
    const dialog = document.getElementById(id);
    if (dialog && !dialog.open) dialog.showModal();
  };
  const closeMenus = (except) => {
    for (const menu of document.querySelectorAll("details.menu[open]")) {
      if (!except || !menu.contains(except)) menu.open = false;
    }
  };
  document.addEventListener("click", (event) => {
    closeMenus(event.target);
    const control = event.target.closest("[data-opens], [data-print]");
    if (!control) return;
    event.preventDefault();
    if (control.dataset.opens) show(control.dataset.opens);
    else window.print();
  });

  // --- Keys -------------------------------------------------------------------------------------------------------
  // By the place on the keyboard, so that Telex and VNI typing and other layouts never matter.
  const NAMED = { BracketLeft: "[", BracketRight: "]", Period: ".", Slash: "/" };
  const FIRST_OF_TWO = "g";
  const SECOND_WITHIN = 1500;
  let pending = 0;

  const keyOf = (event) => {
    if (event.code === "Slash" && event.shiftKey) return "?";
    if (event.shiftKey) return "";
    return NAMED[event.code] || (/^Key[A-Z]$/.test(event.code) ? event.code.slice(3).toLowerCase() : "");
  };
  const inField = (target) => target.closest("input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable], dialog") !== null;
  const visible = (element) => element.getClientRects().length > 0;
  const rows = () => [...document.querySelectorAll("[data-row]")].filter(visible);
  const current = () => document.querySelector("[data-row].is-current");

  const step = (by) => {
    const all = rows();
    if (all.length === 0) return;
    const at = all.indexOf(current());
    const next = all[Math.min(Math.max(at + by, 0), all.length - 1)];
    for (const row of all) row.classList.toggle("is-current", row === next);
    (next.querySelector("a, button") || next).focus();
    next.scrollIntoView({ block: "nearest" });
  };
  const find = (key) => {
    const wanted = `[data-key="${CSS.escape(key)}"]`;
    const row = current();
    const here = row ? [...row.querySelectorAll(wanted)] : [];
    return [...here, ...document.querySelectorAll(wanted)].find(visible);
  };
  const use = (control) => {
    if (control.tagName === "DETAILS") {
      control.open = !control.open;
      const field = control.open && control.querySelector("input:not([type=hidden]), select");
      (field || control.querySelector("summary")).focus();
    } else {
      control.click();
    }
  };
  const act = (key) => {
    if (key === "j") return step(1), true;
    if (key === "k") return step(-1), true;
    const box = key === "x" && current() && current().querySelector("input[type=checkbox]");
    if (box) return box.click(), true;
    const control = find(key);
    if (control) return use(control), true;
    if (key === "p") return window.print(), true;
    return false;
  };

  document.addEventListener("keydown", (event) => {
    if (event.isComposing || event.keyCode === 229 || event.repeat && event.code === "Enter") return;
    if (event.code === "Escape") {
      closeMenus(null);
      return;
    }
    if (event.ctrlKey && (event.code === "Enter" || event.code === "NumpadEnter")) {
      const form = event.target.closest("form[method=post]");
      if (form) {
        event.preventDefault();
        form.requestSubmit(form.querySelector("button[type=submit]"));
      }
      return;
    }
    if (root.dataset.keys === "off" || event.ctrlKey || event.altKey || event.metaKey || inField(event.target)) return;
    const key = keyOf(event);
    if (!key) return;
    const second = pending && event.timeStamp - pending < SECOND_WITHIN;
    pending = 0;
    if (second) {
      if (act(`${FIRST_OF_TWO} ${key}`)) event.preventDefault();
    } else if (key === FIRST_OF_TWO) {
      pending = event.timeStamp;
    } else if (act(key)) {
      event.preventDefault();
    }
  });

  // --- Live parts -------------------------------------------------------------------------------------------------
  // An element with data-poll="15" data-poll-url="…" data-after="…": asked every 15 s while the page is seen;
  // 204 = nothing new; else the answer takes the part's place. A part in which somebody chooses rows waits.
  const MISSES_SHOWN = 3;
  const stamp = document.querySelector("[data-as-of]");
  const ahead = stamp ? Number(stamp.dataset.asOf) - Date.now() : 0;
  const asked = new WeakMap();
  let misses = 0;

  const answered = (well) => {
    misses = well ? 0 : misses + 1;
    if (!stamp) return;
    if (well) {
      const clock = { hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23" };
      const format = new Intl.DateTimeFormat("en-GB", { ...clock, timeZone: stamp.dataset.zone });
      stamp.textContent = format.format(new Date(Date.now() + ahead));
    }
    stamp.classList.toggle("stale", misses >= MISSES_SHOWN);
    stamp.title = misses >= MISSES_SHOWN ? stamp.dataset.staleText : "";
  };
  const ask = (part) => {
    const url = new URL(part.dataset.pollUrl || location.href, location.href);
    if (part.dataset.after) url.searchParams.set("after", part.dataset.after);
    window.htmx.ajax("GET", url.pathname + url.search, {
      source: part,
      target: part,
      headers: { "Accordant-Poll": "1" },  // asked by the page, not by the officer: such a request is no sign of life
    });
  };
  const busy = (part) => part.querySelector("input:checked, dialog[open], :is(input, select, textarea):focus") !== null;
  const round = () => {
    if (document.hidden || !window.htmx) return;
    for (const part of document.querySelectorAll("[data-poll]")) {
      const since = asked.get(part);
      if (since === undefined) asked.set(part, Date.now());
      else if (Date.now() - since >= 1000 * Number(part.dataset.poll) && !busy(part)) {
        asked.set(part, Date.now());
        ask(part);
      }
    }
  };
  // Whoever stands on a link or row of the part stands there again afterwards.
  let stood = null;
  document.addEventListener("htmx:beforeSwap", (event) => {
    const part = event.detail.target;
    stood = null;
    if (!event.detail.shouldSwap || !part.matches("[data-poll]")) return;
    const linkOf = (element) => (element ? element.closest("a, button") || element.querySelector("a") : null);
    const address = (element) => (element ? element.getAttribute("href") || element.id : "");
    const focused = part.contains(document.activeElement) ? linkOf(document.activeElement) : null;
    const row = current();
    stood = { focused: address(focused), row: row && part.contains(row) ? address(linkOf(row)) : "" };
  });
  document.addEventListener("htmx:afterSwap", () => {
    if (!stood) return;
    const at = (address) => (address ? document.querySelector(`a[href="${CSS.escape(address)}"], #${CSS.escape(address)}`) : null);
    const row = at(stood.row);
    if (row) row.closest("[data-row]").classList.add("is-current");
    const focused = at(stood.focused);
    if (focused) focused.focus({ preventScroll: true });
    stood = null;
  });
  document.addEventListener("htmx:afterRequest", (event) => {
    if (event.detail.elt && event.detail.elt.closest("[data-poll]")) answered(Boolean(event.detail.successful));
  });
  document.addEventListener("visibilitychange", round);
  window.setInterval(round, 1000);
})();
