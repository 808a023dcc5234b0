/** @file The test command's last line counts what happened. */
import { expect, test } from "vitest";
import { readTestReport } from "../../scripts/test-report.ts";

const clean = {
	numPassedTests: 3,
	numFailedTests: 0,
	numPendingTests: 1,
	numTodoTests: 1,
	testResults: [{ status: "passed", assertionResults: [{ status: "passed" }] }],
};

test("a clean run is counted as reported", () => {
	expect(readTestReport(clean, true)).toEqual({ passed: 3, failed: 0, skipped: 2 });
});

test("a failed test is counted once", () => {
	const report = {
		...clean,
		numFailedTests: 1,
		testResults: [{ status: "failed", assertionResults: [{ status: "failed" }] }],
	};
	expect(readTestReport(report, false)).toEqual({ passed: 3, failed: 1, skipped: 2 });
});

test("a file that does not load counts as a failure", () => {
	const report = { ...clean, testResults: [{ status: "failed", assertionResults: [] }] };
	expect(readTestReport(report, false).failed).toBe(1);
});

test("an error outside every test counts as a failure", () => {
	expect(readTestReport(clean, false).failed).toBe(1);
});

test.each([null, {}, "text"])("a missing or foreign report (%j) is a failure", (report) => {
	expect(readTestReport(report, true)).toEqual({ passed: 0, failed: 1, skipped: 0 });
});
