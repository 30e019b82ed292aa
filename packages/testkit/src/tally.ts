/** Counts what a run of the suite found, for its closing line. */
export class Tally {
  private readonly name: string;
  private passed = 0;
  private failed = 0;
  private readonly optedOut = new Map<string, string>();
  private refused = 0;

  constructor(name: string) {
    this.name = name;
  }

  pass(): void {
    this.passed += 1;
  }

  fail(): void {
    this.failed += 1;
  }

  /** A test that was left out because of an opt-out. */
  leaveOut(title: string, reason: string): void {
    this.optedOut.set(title, reason);
  }

  /** A construct that the dialect opted out of and refused, as it must. */
  refusal(): void {
    this.refused += 1;
    this.passed += 1;
  }

  /** `postgresql: passes 120 of 120, 2 opted out (of which 1 checked to be refused)` and the reasons. */
  toString(): string {
    const lines = [
      `${this.name}: passes ${this.passed} of ${this.passed + this.failed}, ${this.optedOut.size} opted out`,
    ];
    if (this.refused > 0) lines[0] += ` (${this.refused} of these constructs checked to be refused)`;
    for (const [title, reason] of this.optedOut) lines.push(`  - ${title}: ${reason}`);
    return lines.join("\n");
  }
}
