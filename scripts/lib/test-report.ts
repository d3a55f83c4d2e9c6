import * as z from "zod/mini";

const reportSchema = z.looseObject({
  success: z.boolean(),
  testResults: z.array(
    z.looseObject({
      name: z.string(),
      status: z.string(),
      assertionResults: z.array(z.looseObject({ status: z.string(), fullName: z.string() })),
    }),
  ),
});

/** How a test run ended. */
export interface TestCount {
  readonly passed: number;
  readonly failed: number;
  /** What did not pass, each as a line to read. */
  readonly complaints: readonly string[];
}

/**
 * Counts the JSON report of vitest. A test that did not run counts as failed, as does a file that
 * could not be loaded, and a run that failed by nothing of these: an error outside of any test.
 */
export function countTests(report: unknown): TestCount {
  const { success, testResults } = reportSchema.parse(report);
  let passed = 0;
  const complaints: string[] = [];
  for (const file of testResults) {
    for (const test of file.assertionResults) {
      if (test.status === "passed") passed += 1;
      else complaints.push(`${test.status}: ${file.name}: ${test.fullName}`);
    }
    const anyFailed = file.assertionResults.some((test) => test.status === "failed");
    if (file.status === "failed" && !anyFailed) complaints.push(`could not run: ${file.name}`);
  }
  if (!success && complaints.length === 0) complaints.push("the run failed outside of any test");
  if (passed === 0 && complaints.length === 0) complaints.push("there was no test to run");
  return { passed, failed: complaints.length, complaints };
}
