/** @file The scheduler a model was made for, by the name in its scheduler_config.json. */
import { ddimScheduler } from "./ddim.ts";
import { dpmMultistepScheduler } from "./dpm-multistep.ts";
import { eulerScheduler } from "./euler.ts";
import { lcmScheduler } from "./lcm.ts";
import type { SchedulerConfig } from "./noise-schedule.ts";
import type { Scheduler } from "./scheduler.ts";

/**
 * Other names solve the same equation by other means; DDIM stands in for them, which needs a few more
 * steps than theirs. (PNDM, which Stable Diffusion 1.5 names, is DDIM with memory.)
 */
export function schedulerFor(config: SchedulerConfig, steps: number): Scheduler {
	switch (config._class_name) {
		case "EulerDiscreteScheduler":
		case "EulerAncestralDiscreteScheduler":
			return eulerScheduler(config, steps);
		case "LCMScheduler":
			return lcmScheduler(config, steps);
		case "DPMSolverMultistepScheduler":
		case "DPMSolverSinglestepScheduler":
			return dpmMultistepScheduler(config, steps);
		default:
			return ddimScheduler(config, steps);
	}
}
