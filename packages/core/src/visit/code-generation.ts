let allowed: boolean | undefined;

/** Whether this runtime allows code to be made from text (edge runtimes and strict CSPs do not). */
export function canGenerateCode(): boolean {
  if (allowed === undefined) {
    try {
      allowed = new Function("return true")() === true;
    } catch {
      allowed = false;
    }
  }
  return allowed;
}

/**
 * Turns code generation off (or on again) for what is made from now on: tests prove that both ways give the same rows and
 * the same keys.
 */
export function allowCodeGeneration(allow: boolean): void {
  allowed = allow;
}
