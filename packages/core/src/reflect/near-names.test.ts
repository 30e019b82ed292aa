import { describe, expect, test } from "vitest";
import { suggest } from "./near-names.js";

describe("suggestions for a wrong name", () => {
  const names = ["users", "user_roles", "invoices", "line_items"];

  test.each([
    ["user", '"users" or "user_roles"'],
    ["Users", '"users"'],
    ["uesrs", '"users"'],
    ["invoice", '"invoices"'],
    ["lineitems", '"line_items"'],
  ])("%s", (wanted, near) => {
    expect(suggest(wanted, names, "tables")).toBe(`Did you mean ${near}?`);
  });

  test("what is like nothing gets the list of what there is", () => {
    expect(suggest("zebra", names, "tables")).toBe("The tables are: users, user_roles, invoices, line_items.");
    expect(suggest("zebra", [], "tables")).toBe("There are no tables.");
    const many = Array.from({ length: 15 }, (_, i) => `t${i}`);
    expect(suggest("zebra", many, "columns")).toBe(
      "The columns are: t0, t1, t2, t3, t4, t5, t6, t7, t8, t9 and 5 more.",
    );
  });
});
