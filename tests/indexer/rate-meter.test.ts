import { expect, test } from "vitest";
import { RateMeter } from "../../engine/indexer/rate-meter.ts";

function meterAt() {
	let nowMs = 0;
	const meter = new RateMeter(() => nowMs);
	return {
		meter,
		pass: (ms: number) => {
			nowMs += ms;
		},
	};
}

test("a rate is unknown until there is something to measure", () => {
	const { meter, pass } = meterAt();
	expect(meter.perSecond()).toBeNull();
	meter.start();
	pass(1000);
	expect(meter.perSecond()).toBeNull();
});

test("the rate is what was finished over the time it took", () => {
	const { meter, pass } = meterAt();
	meter.start();
	for (let second = 0; second < 4; second += 1) {
		pass(1000);
		meter.add(50);
	}
	expect(meter.perSecond()).toBeCloseTo(50);
});

test("only the last ten seconds count", () => {
	const { meter, pass } = meterAt();
	meter.start();
	meter.add(100_000);
	pass(20_000);
	meter.add(10);
	expect(meter.perSecond()).toBeCloseTo(1);
});

test("a pause does not count as slow work", () => {
	const { meter, pass } = meterAt();
	meter.start();
	pass(1000);
	meter.add(100);
	meter.stop();
	expect(meter.perSecond()).toBeNull();
	pass(3_600_000);
	meter.start();
	pass(1000);
	meter.add(100);
	expect(meter.perSecond()).toBeCloseTo(100);
});
