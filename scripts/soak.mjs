// `npm run soak`: runs soak.ts on the sources.
import "./sources.mjs";

await import("./soak.ts");
