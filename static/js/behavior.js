// Behaviors are bound to data- attributes and work again on every part that htmx swaps in.

const bound = new Map();

/** Calls `mount(element)` once for every element that matches, now and after each swap. */
export function behavior(selector, mount) {
  const seen = bound.get(mount) ?? new WeakSet();
  bound.set(mount, seen);
  const each = (root) => {
    const found = [...root.querySelectorAll(selector)];
    if (root.matches?.(selector)) found.unshift(root);
    for (const element of found) {
      if (seen.has(element)) continue;
      seen.add(element);
      mount(element);
    }
  };
  each(document);
  document.addEventListener("htmx:load", (event) => each(event.detail.elt));
}

/** One listener on the document for every element that matches, whenever it came. */
export function on(type, selector, act, options) {
  document.addEventListener(type, (event) => {
    const element = event.target.closest?.(selector);
    if (element) act(event, element);
  }, options);
}

/** Local storage that may be off or full. */
export const store = {
  get(key) {
    try {
      return localStorage.getItem(key);
    } catch {
      return null;
    }
  },
  set(key, value) {
    try {
      localStorage.setItem(key, value);
    } catch {
      // nothing to do: the page works without it
    }
  },
  remove(key) {
    try {
      localStorage.removeItem(key);
    } catch {
      // as above
    }
  },
  keys() {
    try {
      return Object.keys(localStorage);
    } catch {
      return [];
    }
  },
};
