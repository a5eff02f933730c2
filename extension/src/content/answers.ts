/** Keeps underlines in place while a newer answer is on its way. */

import type { Finding } from "../client";

/** The findings that an edit leaves untouched, at their new places. */
export function shifted(findings: Finding[], before: string, after: string): Finding[] {
  if (before === after) return findings;
  const most = Math.min(before.length, after.length);
  let head = 0;
  while (head < most && before[head] === after[head]) head++;
  let tail = 0;
  while (tail < most - head && before[before.length - 1 - tail] === after[after.length - 1 - tail]) tail++;
  const moved = after.length - before.length;
  const kept: Finding[] = [];
  for (const finding of findings) {
    if (finding.end_utf16 <= head) kept.push(finding);
    else if (finding.start_utf16 >= before.length - tail) {
      kept.push({ ...finding, start_utf16: finding.start_utf16 + moved, end_utf16: finding.end_utf16 + moved });
    }
  }
  return kept;
}
