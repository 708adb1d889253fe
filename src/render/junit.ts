/** JUnit is the format in which CIs take gates: one test case each, failed when the gate is. */
import type { Finding } from "./finding.ts";

/** An error is a failure; warnings and notes are test cases that pass and say so. An empty list is one case that passes. */
export function renderJUnit(findings: readonly Finding[]): string {
  const failures = findings.filter(({ level }) => level === "error").length;
  const cases = findings.length === 0 ? [PASSED] : findings.map(testCase);
  const counts = `tests="${cases.length}" failures="${failures}" errors="0"`;
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="stepfare" ${counts}>`,
    `  <testsuite name="stepfare" ${counts} skipped="0">`,
    ...cases,
    "  </testsuite>",
    "</testsuites>",
    "",
  ].join("\n");
}

const PASSED = '    <testcase classname="stepfare" name="nothing found"/>';

function testCase({ code, level, message, help, at }: Finding): string {
  const place = at === null ? "" : ` file="${xmlText(at.file)}" line="${at.line}"`;
  const head = `    <testcase classname="stepfare.${xmlText(code)}" name="${xmlText(message)}"${place}>`;
  const where = at === null ? [] : [`${at.file}:${at.line}:${at.column}`];
  const detail = xmlText([...where, message, ...(help === null ? [] : [help])].join("\n"));
  const body =
    level === "error"
      ? `<failure type="${xmlText(code)}" message="${xmlText(message)}">${detail}</failure>`
      : `<system-out>${detail}</system-out>`;
  return `${head}\n      ${body}\n    </testcase>`;
}

/** XML 1.0 has no way to write most control characters: https://www.w3.org/TR/xml/#charsets */
function xmlText(text: string): string {
  return text
    .replaceAll(/[^\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]/gu, "\ufffd")
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;")
    .replaceAll("'", "&apos;")
    .replaceAll(/[\n\r\t]/g, (character) => `&#${character.charCodeAt(0)};`);
}
