"use strict";
(async () => {
  const part = (name) => document.getElementById(name);
  const [network, claims, language, shown] = ["network", "claims", "language", "answer"].map(part);
  let python = null;

  // ---------------------------------------------------------------- what the page carries

  const carried = async (name) => {
    const text = atob(part(name).textContent);
    part(name).remove();
    const packed = Uint8Array.from(text, (sign) => sign.charCodeAt(0));
    const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream("gzip"));
    return new Uint8Array(await new Response(stream).arrayBuffer());
  };
  const imported = async (name) => {
    const file = new Blob([await carried(name)], { type: "text/javascript" });
    const address = URL.createObjectURL(file);
    try {
      return await import(address);
    } finally {
      URL.revokeObjectURL(address);
    }
  };

  // The runtime asks for its files by address: here they are, and nothing else is.
  const start = async () => {
    const place = "https://runtime.invalid/";
    const files = new Map();
    for (const name of ["pyodide.asm.wasm", "python_stdlib.zip"]) {
      files.set(place + name, await carried(name));
    }
    const types = { wasm: "application/wasm", zip: "application/zip" };
    globalThis.fetch = async (address) => {
      const file = files.get(String(address));
      const type = types[String(address).split(".").pop()];
      if (!file) throw new Error(`no ${address} here`);
      return new Response(file, { headers: { "Content-Type": type } });
    };
    const { default: createPyodideModule } = await imported("pyodide.asm.mjs");
    const { loadPyodide } = await imported("pyodide.mjs");
    const found = await loadPyodide({
      indexURL: place,
      createPyodideModule,
      lockFileContents: new TextDecoder().decode(await carried("lock.json")),
    });
    found.unpackArchive(await carried("packages.zip"), "zip");
    return found.pyimport("cnncalc.cli.browser");
  };

  // ---------------------------------------------------------------- answers

  const text = (says, looks) => {
    const made = document.createElement("pre");
    made.textContent = says;
    if (looks) made.className = looks;
    return made;
  };
  const show = ([status, out, err]) => {
    if (!out.startsWith("<!DOCTYPE html>")) {
      document.adoptedStyleSheets = [];
      shown.replaceChildren(...(out ? [text(out)] : []), ...(err ? [text(err, "fault")] : []));
      return;
    }
    const [, style] = /<style>([^<]*)<\/style>/.exec(out);
    const page = new DOMParser().parseFromString(out.replace(/<style>[^<]*<\/style>/, ""), "text/html");
    const looks = new CSSStyleSheet(); // the policy of this page knows no styles but its own
    looks.replaceSync(style);
    document.adoptedStyleSheets = [looks];
    const title = page.querySelector("h1");
    if (title) title.remove();
    shown.replaceChildren(...document.adoptNode(page.querySelector("main")).childNodes);
    enrich(shown);
  };

  const fail = (error) => {
    const says = document.body.dataset.failed.replace("%", error);
    shown.replaceChildren(text(says, "fault"));
  };

  const state = () => {
    const pairs = { net: network.value, claims: claims.value, lang: language.value };
    const kept = Object.entries(pairs).filter(([, value]) => value);
    return `#${new URLSearchParams(kept)}`;
  };
  let last = "";
  const calculate = () => {
    if (!python) return;
    const now = state();
    if (now === last) return;
    last = now;
    if (location.hash !== now) location.replace(now);
    if (!network.value.trim()) {
      shown.replaceChildren();
      return;
    }
    try {
      show(JSON.parse(python.answer(network.value, claims.value, language.value)));
    } catch (error) {
      fail(error);
    }
  };
  const speak = () => {
    const said = JSON.parse(python.labels(language.value));
    document.documentElement.lang = language.value;
    for (const each of document.querySelectorAll("[data-says]")) {
      each.textContent = said[each.dataset.says];
    }
    for (const [name, says] of Object.entries(said)) {
      if (name.startsWith("data_")) document.body.dataset[name.slice(5)] = says;
    }
  };
  const restore = () => {
    const pairs = new URLSearchParams(location.hash.slice(1));
    if (pairs.has("net")) {
      network.value = pairs.get("net");
      claims.value = pairs.get("claims") || "";
    }
    if (["en", "ko"].includes(pairs.get("lang"))) language.value = pairs.get("lang");
  };

  // ---------------------------------------------------------------- what is typed

  let waiting = 0;
  const soon = () => {
    clearTimeout(waiting);
    waiting = setTimeout(calculate, 300);
  };
  network.addEventListener("input", soon);
  claims.addEventListener("input", soon);
  document.querySelector("form").addEventListener("submit", (event) => {
    event.preventDefault();
    calculate();
  });
  language.addEventListener("change", () => {
    if (python) speak();
    calculate();
  });
  for (const each of document.querySelectorAll("button[data-network]")) {
    each.addEventListener("click", () => {
      network.value = each.dataset.network;
      claims.value = each.dataset.claims;
      calculate();
    });
  }
  addEventListener("hashchange", () => {
    if (location.hash === last) return;
    restore();
    if (python) speak();
    calculate();
  });

  if (!location.hash && navigator.language.startsWith("ko")) language.value = "ko";
  restore();
  try {
    python = await start();
  } catch (error) {
    fail(error);
    throw error;
  }
  globalThis.cnncalc = (words, environment) =>
    JSON.parse(python.asked(JSON.stringify(words), JSON.stringify(environment || {})));
  speak();
  calculate();
})();
