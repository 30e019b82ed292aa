import type { FunctionCall } from "../sql/function.js";
import type { TextFragment } from "../sql/text.js";
import type { Node } from "../visit/node.js";
import { childrenOf } from "../visit/walk.js";

/** Functions that give another value each time they are called. */
const NAMES = String.raw`rand|random|randomblob|random_normal|newid|newsequentialid|uuid|uuid_short|sys_guid|uuidv[47]|gen_random_uuid|uuid_generate_v\w+|gen_random_bytes|crypt_gen_random|random_bytes|nextval|setval|last_insert_id|clock_timestamp|timeofday|sysdate|sleep|pg_sleep|benchmark`;
const FUNCTION = new RegExp(String.raw`(^|\.)(${NAMES})$|^dbms_random\.`, "i");
/** In SQL text the same names may be those of columns: only calls count. */
const TEXT = new RegExp(String.raw`\b(${NAMES})\s*\(|\bnext\s+value\s+for\b|\.nextval\b|\bdbms_random\b`, "i");

/**
 * Whether an expression may be written twice where it was said once: it has the same value both times. Of functions that the
 * toolkit does not know it is assumed.
 */
export function isRepeatable(node: Node): boolean {
  // What columns point to is computed elsewhere: only the expression itself would be written twice.
  const stack: Node[] = [node];
  for (let part = stack.pop(); part !== undefined; part = stack.pop()) {
    if (part.kind === "nextValue") return false;
    if (part.kind === "function" && FUNCTION.test((part as FunctionCall).name)) return false;
    if (part.kind === "text" && (part as TextFragment).strings.some((text) => TEXT.test(text))) return false;
    for (const child of childrenOf(part)) stack.push(child);
  }
  return true;
}
