// Writes the reference section of docs/bundle.md from pkg/bundle.schema.json: node tools/schema-docs.mjs [--check]
//
// The section is what lies between the two markers; the rest of the page is written by hand. --check changes nothing and
// fails when the section is not what the schema says.

import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));
const SCHEMA = "pkg/bundle.schema.json";
const PAGE = "docs/bundle.md";
const START = "<!-- schema:start -->";
const END = "<!-- schema:end -->";

const page = read(PAGE, "It is part of the repository.");
const schema = JSON.parse(read(SCHEMA, "Make it first: make cli"));
const start = page.indexOf(START);
const end = page.indexOf(END);
if (start < 0 || end < start)
  fail(`${PAGE} has no ${START} … ${END}.`, "Put both markers where the reference belongs.");

const made = `${page.slice(0, start)}${START}\n\n${reference(schema)}\n${page.slice(end)}`;
if (made !== page && process.argv.includes("--check")) {
  fail(`the reference in ${PAGE} is not what ${SCHEMA} says.`, "Renew and commit it: node tools/schema-docs.mjs");
}
if (made !== page) writeFileSync(join(ROOT, PAGE), made);

function read(path, help) {
  const found = join(ROOT, path);
  return existsSync(found) ? readFileSync(found, "utf8") : fail(`${path} is missing.`, help);
}

function fail(message, help) {
  console.error(`error: ${message}\n       ${help}`);
  process.exit(1);
}

/** A heading and a table for the bundle and for each type that it is made of, in the order of the schema. */
function reference({ $defs, ...bundle }) {
  const types = [["Bundle", bundle], ...Object.entries($defs)];
  return types.map(([name, type]) => `### ${name}\n\n${sentence(type.description)}${tableOf(type)}`).join("\n");
}

function tableOf(type) {
  if (type.properties !== undefined) {
    const required = new Set(type.required);
    const rows = Object.entries(type.properties).map(([name, member]) => {
      const { meaning, otherwise } = described(member);
      return [code(name), typeName(member), required.has(name) ? "required" : otherwise, meaning];
    });
    return table(["member", "type", "default", "meaning"], rows);
  }
  const cases = type.oneOf ?? type.anyOf ?? [];
  if (cases.length === 0) return "";
  return table(
    ["value", "meaning"],
    cases.map((one) => [
      one.const === undefined ? typeName(one) : code(JSON.stringify(one.const)),
      described(one).meaning,
    ]),
  );
}

/** What a member means and what counts when it is missing, which the schema says in words where it is no constant. */
function described({ description = "", default: constant }) {
  const [, meaning, words] = /^(.*?)(?: Default: (.*)\.)?$/s.exec(description.replaceAll("\n", " "));
  // An empty text stands for a member that is missing, which `check` reports where it must be there.
  const isSaid = constant !== undefined && constant !== "" && typeof constant !== "object";
  return { meaning, otherwise: words ?? (isSaid ? code(JSON.stringify(constant)) : "") };
}

function typeName(type) {
  const options = type.anyOf?.filter((option) => option.type !== "null");
  if (options?.length === 1) return typeName(options[0]);
  if (type.$ref !== undefined) {
    const name = type.$ref.slice(type.$ref.lastIndexOf("/") + 1);
    return `[${name}](#${name.toLowerCase()})`;
  }
  const name = [type.type].flat().find((option) => option !== "null");
  switch (name) {
    case "array":
      return type.prefixItems === undefined
        ? `list of ${typeName(type.items)}`
        : `[${type.prefixItems.map(typeName).join(", ")}]`;
    case "object":
      return type.additionalProperties ? `object of ${typeName(type.additionalProperties)}` : "object";
    case "integer":
      return "whole number";
    case "number":
      return type.maximum === undefined ? "number" : `number, ${type.minimum} to ${type.maximum}`;
    case "string":
      return type.format === "date-time" ? "text, a time" : "text";
    case "boolean":
      return "true or false";
    default:
      return "any JSON";
  }
}

function table(head, rows) {
  const row = (cells) => `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
  return `\n${[row(head), row(head.map(() => "---")), ...rows.map(row)].join("\n")}\n`;
}

function sentence(description = "") {
  return description === "" ? "" : `${description.replaceAll("\n", " ")}\n`;
}

function code(text) {
  return `\`${text}\``;
}
