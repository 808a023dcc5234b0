/** @file Reads Vitest's JSON report into three numbers, never calling a broken run a good one. */
import { z } from "zod";

export interface TestCounts {
	passed: number;
	failed: number;
	skipped: number;
}

const reportSchema = z.object({
	numPassedTests: z.number(),
	numFailedTests: z.number(),
	numPendingTests: z.number(),
	numTodoTests: z.number(),
	testResults: z.array(
		z.object({ status: z.string(), assertionResults: z.array(z.object({ status: z.string() })) }),
	),
});

/**
 * @param report the parsed report, or null where none was written
 * @param finishedWell whether Vitest's exit code was 0
 */
export function readTestReport(report: unknown, finishedWell: boolean): TestCounts {
	const parsed = reportSchema.safeParse(report);
	if (!parsed.success) return { passed: 0, failed: 1, skipped: 0 };
	const { numPassedTests, numFailedTests, numPendingTests, numTodoTests, testResults } =
		parsed.data;
	// A file that does not load has no tests to fail; it counts as one.
	const brokenFiles = testResults.filter(
		({ status, assertionResults }) =>
			status === "failed" && !assertionResults.some((test) => test.status === "failed"),
	).length;
	const failed = numFailedTests + brokenFiles;
	return {
		passed: numPassedTests,
		// An error outside any test, such as a rejection nobody handled.
		failed: failed === 0 && !finishedWell ? 1 : failed,
		skipped: numPendingTests + numTodoTests,
	};
}
