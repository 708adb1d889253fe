import { describe, expect, test } from "vitest";
import { diagnoseFailure, failureOf, nothingCollected } from "../../src/aws/call-failure.ts";
import { diagnoseFailures } from "../../src/aws/collection-run.ts";

const named = (name: string, message = "", code?: string): Error =>
  Object.assign(new Error(message), { name, code });

describe("why AWS did not answer", () => {
  test.each([
    [
      "denied",
      named("AccessDeniedException", "User: x is not authorized to perform: states:ListStateMachines on it"),
      "states:ListStateMachines",
    ],
    [
      "denied",
      named("KmsAccessDeniedException", "User: x is not authorized to perform: kms:Decrypt on it"),
      "kms:Decrypt",
    ],
    ["denied", named("AccessDenied", "no"), "states:DescribeStateMachine is missing"],
    [
      "denied",
      named("AccessDeniedException", "x is not authorized to perform: a:B with an explicit deny in a policy"),
      "by an explicit deny",
    ],
    ["credentials", named("ExpiredTokenException"), "have expired"],
    [
      "credentials",
      named("CredentialsProviderError", "Could not load credentials\nfrom any providers"),
      "(Could not load credentials)",
    ],
    [
      "credentials",
      named("CredentialsProviderError", "The SSO session token associated with profile=x has expired"),
      "have expired",
    ],
    ["credentials", named("UnrecognizedClientException"), "does not accept the credentials"],
    ["gone", named("StateMachineDoesNotExist"), "no longer exists"],
    ["throttled", named("ThrottlingException", "Rate exceeded"), "too many requests"],
    [
      "unreachable",
      named("Error", "getaddrinfo ENOTFOUND states.eu-wset-1.amazonaws.com", "ENOTFOUND"),
      "there may be no such region",
    ],
    ["unreachable", named("TimeoutError", "timed out"), "did not answer"],
    [
      "other",
      named("ValidationException", "too long.\nstack"),
      "states:DescribeStateMachine failed: ValidationException: too long",
    ],
  ])("%s", (kind, error, words) => {
    const failure = failureOf(error, "states:DescribeStateMachine");
    expect(failure.kind).toBe(kind);
    expect(failure.message).toContain(words);
  });

  test("what is gone is no more than news; what is denied says what to allow", () => {
    expect(diagnoseFailure("a", failureOf(named("StateMachineDoesNotExist"), "x:Y")).severity).toBe("info");
    const denied = diagnoseFailure(
      "eu-west-1: the tags",
      failureOf(named("AccessDenied"), "tag:GetResources"),
    );
    expect(denied).toMatchObject({ code: "access-denied", severity: "warning" });
    expect(denied.hint).toContain("Allow tag:GetResources");
  });

  test("many failures of one kind are one line, with the first names", () => {
    const failure = failureOf(named("AccessDenied"), "states:DescribeStateMachine");
    const failures = Array.from({ length: 1250 }, (_, index) => ({
      what: "eu-west-1: the definition of",
      name: `m${String(index).padStart(4, "0")}`,
      failure,
    }));
    const diagnostics = diagnoseFailures(failures);
    expect(diagnostics).toHaveLength(1);
    expect(diagnostics[0]?.message).toContain(
      "the definition of m0000, m0001, m0002 and 1247 more: access is denied",
    );
  });

  test("when nothing was read, each reason is told once, and not without end", () => {
    const diagnostics = Array.from({ length: 40 }, (_, index) =>
      diagnoseFailure(`region ${index % 20}`, failureOf(named("AccessDenied"), "a:B")),
    );
    const lines = nothingCollected(diagnostics).message.split("\n");
    expect(lines).toHaveLength(12);
    expect(lines.at(-1)).toBe("and 10 more");
  });
});
