"use strict";
(() => {
  const page = document.getElementById("page");
  const head = document.getElementById("head");
  // A browser without declarative shadow roots shows the parts in the order in which
  // they were written: head and overview belong before the forms.
  if (!page.shadowRoot) {
    page.prepend(head, document.getElementById("overview"));
  }

  const filters = document.getElementById("filters");
  const status = document.getElementById("status");

  const marks = new Map();
  for (const mark of document.querySelectorAll(".filed .marked > a.mark")) {
    const id = mark.hash.slice(1);
    marks.set(id, (marks.get(id) || []).concat(mark));
  }
  const findingsOf = (parent, selector) => Array.from(parent.querySelectorAll(selector), (element) => ({
    element,
    rule: element.dataset.rule,
    severity: ["error", "warning", "note"].find((s) => element.classList.contains(s)),
    marks: marks.get(element.id) || [],
  }));
  const entries = new Map(Array.from(document.querySelectorAll("[data-for]"), (row) => [row.dataset.for, row]));
  const files = Array.from(document.querySelectorAll(".file"), (element) => {
    const name = element.querySelector("h2").textContent.toLowerCase();
    return {
      element,
      name,
      entry: entries.get(element.id),
      list: element.querySelector(":scope > .findings"),
      findings: findingsOf(element, ":scope > .findings > .finding"),
      forms: Array.from(element.querySelectorAll(".form"), (form) => ({
        element: form,
        entry: entries.get(form.id),
        text: form.dataset.name.toLowerCase() + "\n" + name,
        unit: form.dataset.unit,
        department: form.dataset.department,
        cells: form.querySelectorAll(".marked"),
        findings: findingsOf(form, ".finding"),
      })),
    };
  });

  const show = (element, visible) => {
    if (element && element.hidden === visible) {
      element.hidden = !visible;
    }
  };

  const apply = () => {
    const data = new FormData(filters);
    const boxes = filters.querySelectorAll("[name=severity]");
    const severities = new Set(data.getAll("severity"));
    const rule = data.get("rule");
    const unit = data.get("unit");
    const text = data.get("text").trim().toLowerCase();
    const narrowed = rule !== "" || severities.size < boxes.length || data.has("problems");
    const count = { forms: 0, allForms: 0, findings: 0, allFindings: 0 };

    // filter shows the findings that are asked for and gives their number.
    const filter = (findings) => {
      let shown = 0;
      for (const finding of findings) {
        const visible = severities.has(finding.severity) && (rule === "" || finding.rule === rule);
        show(finding.element, visible);
        for (const mark of finding.marks) {
          show(mark, visible);
        }
        shown += visible ? 1 : 0;
      }
      return shown;
    };

    for (const file of files) {
      const whole = filter(file.findings);
      const wholeVisible = unit === "" && file.name.includes(text) &&
        (whole > 0 || (!narrowed && file.forms.length === 0));
      show(file.list, wholeVisible);
      show(file.entry, wholeVisible);
      count.allFindings += file.findings.length;
      count.findings += wholeVisible ? whole : 0;
      let any = wholeVisible;
      for (const form of file.forms) {
        const shown = filter(form.findings);
        for (const cell of form.cells) {
          cell.classList.toggle("off", !cell.querySelector(":scope > a.mark:not([hidden])"));
        }
        const visible = form.text.includes(text) && (!narrowed || shown > 0) &&
          (unit === "" || unit === "unit:" + form.unit || unit === "department:" + form.department);
        show(form.element, visible);
        show(form.entry, visible);
        any = any || visible;
        count.allForms++;
        count.allFindings += form.findings.length;
        count.forms += visible ? 1 : 0;
        count.findings += visible ? shown : 0;
      }
      show(file.element, any);
    }
    filters.classList.toggle("active", narrowed || unit !== "" || text !== "");
    status.textContent = status.dataset.text.replace(/\{(\w+)\}/g, (_, name) => count[name]);
  };

  let waiting = 0;
  const soon = () => {
    clearTimeout(waiting);
    waiting = setTimeout(apply, 120);
  };
  filters.addEventListener("input", soon);
  filters.addEventListener("reset", () => setTimeout(apply));
  filters.addEventListener("submit", (event) => event.preventDefault());
  filters.hidden = false;
  apply();
})();
