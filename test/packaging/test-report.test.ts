import { describe, expect, it } from "vitest";
import { countTests } from "../../scripts/lib/test-report.js";

function file(status: string, ...tests: string[]): object {
  return {
    name: "a.test.ts",
    status,
    assertionResults: tests.map((one, index) => ({ status: one, fullName: `test ${index}` })),
  };
}

describe("counting a test run", () => {
  it("counts the tests that passed", () => {
    const report = {
      success: true,
      testResults: [file("passed", "passed", "passed"), file("passed", "passed")],
    };
    expect(countTests(report)).toEqual({ passed: 3, failed: 0, complaints: [] });
  });

  it.each(["failed", "skipped", "pending", "todo", "disabled"])("counts a %s test as failed", (status) => {
    const { passed, failed, complaints } = countTests({
      success: status !== "failed",
      testResults: [file(status === "failed" ? "failed" : "passed", "passed", status)],
    });
    expect({ passed, failed }).toEqual({ passed: 1, failed: 1 });
    expect(complaints).toEqual([`${status}: a.test.ts: test 1`]);
  });

  it("counts a file that could not be loaded as one failure", () => {
    expect(countTests({ success: false, testResults: [file("failed")] })).toMatchObject({
      passed: 0,
      failed: 1,
    });
  });

  it("counts an error outside of every test as one failure", () => {
    const report = { success: false, testResults: [file("passed", "passed")] };
    expect(countTests(report)).toMatchObject({ passed: 1, failed: 1 });
  });

  it("takes a run of no tests for a failure", () => {
    expect(countTests({ success: true, testResults: [] })).toMatchObject({ passed: 0, failed: 1 });
  });
});
