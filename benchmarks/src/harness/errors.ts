/** What goes wrong in the benchmark itself, or in what it was asked for. */
export class BenchmarkError extends Error {
  override readonly name = "BenchmarkError";
}
