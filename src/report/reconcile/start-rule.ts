/**
 * Which start rule figures support: transitions per execution, less what the states themselves let expect, lie near 0, 1
 * or 2 (`entered`, `start+entered`, `start+entered+end`). Each machine, or place, votes with its executions for the rule
 * it fits; a rule is supported by three in five of all executions, so that a definition whose ways are not known does
 * not decide.
 */
import { RULE_TRANSITIONS, type TransitionRule } from "../../usage/usage-line.ts";
import type { RuleVote, StartRuleEvidence } from "./reconciliation-report.ts";

export interface CountedExecutions {
  readonly executions: number;
  /** Of all of them. */
  readonly transitions: number;
  /** As the states alone let expect, of all of them. */
  readonly entered: number;
}

const RULES = Object.keys(RULE_TRANSITIONS) as readonly TransitionRule[];
const NEAR = 0.2;
const MAJORITY = 0.6;

export function judgeStartRule(
  used: TransitionRule,
  counted: Readonly<Record<RuleVote["from"], readonly CountedExecutions[]>>,
): StartRuleEvidence {
  const votes = (["bill", "CloudWatch"] as const).map((from) => ({
    from,
    executions: voteOf(counted[from]),
  }));
  const decided = votes.map(({ from, executions }) => ({ from, rule: winnerOf(executions) }));
  const rules = new Set(decided.flatMap(({ rule }) => rule ?? []));
  const supported = rules.size === 1 ? [...rules][0]! : null;
  const told = votes.filter(({ executions }) => Object.values(executions).some((count) => count > 0));
  const speakers = decided.filter(({ rule }) => rule !== null).map(({ from }) => from);
  const speaker = told.length > 1 && speakers.length === 1 ? speakers[0]! : null;
  return { used, supported, votes, text: wordsOf(used, supported, speaker) };
}

function ruleOf({ executions, transitions, entered }: CountedExecutions): TransitionRule | null {
  if (executions === 0) return null;
  const rest = (transitions - entered) / executions;
  return RULES.find((rule) => Math.abs(rest - added(rule)) <= NEAR) ?? null;
}

export function added(rule: TransitionRule): number {
  return RULE_TRANSITIONS[rule].start + RULE_TRANSITIONS[rule].end;
}

function voteOf(counted: readonly CountedExecutions[]): RuleVote["executions"] {
  const votes = { entered: 0, "start+entered": 0, "start+entered+end": 0, none: 0 };
  for (const each of counted) votes[ruleOf(each) ?? "none"] += each.executions;
  return votes;
}

function winnerOf(votes: RuleVote["executions"]): TransitionRule | null {
  const all = Object.values(votes).reduce((sum, executions) => sum + executions, 0);
  return RULES.find((rule) => votes[rule] > 0 && votes[rule] >= MAJORITY * all) ?? null;
}

/** `speaker` alone supports the rule, where the other's transitions fit none for most executions; null = all do. */
function wordsOf(
  used: TransitionRule,
  supported: TransitionRule | null,
  speaker: RuleVote["from"] | null,
): string {
  if (supported === null) return `The figures do not decide between the start rules; ${used} is used.`;
  const [who, aside] = SPEAKERS[speaker ?? "both"];
  if (supported === used) return `${who} the start rule in use, ${used}${aside}.`;
  return `${who} the start rule ${supported}, not ${used}${aside}: write transitionRule: ${supported} in stepfare.yml.`;
}

const SPEAKERS: Readonly<Record<RuleVote["from"] | "both", readonly [who: string, aside: string]>> = {
  both: ["The figures support", ""],
  bill: ["The bill supports", " (CloudWatch's counts do not decide)"],
  CloudWatch: ["CloudWatch's counts support", " (the bill does not decide)"],
};
