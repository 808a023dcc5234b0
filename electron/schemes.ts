/** @file The two schemes of our own, declared before the app is ready. */
import { protocol, type Session } from "electron";
import type { EngineProcessHandle } from "./engine-process-handle.ts";
import { answerPageRequest, pageScheme } from "./page-protocol.ts";
import { answerPhotoRequest, photoScheme } from "./photo-protocol.ts";

/**
 * Standard, so that the page has an origin of its own; secure, so that nothing on it is mixed content.
 * Neither bypasses the page's policy.
 */
export function registerSchemes(): void {
	protocol.registerSchemesAsPrivileged([
		{
			scheme: pageScheme,
			privileges: { standard: true, secure: true, supportFetchAPI: true, codeCache: true },
		},
		{ scheme: photoScheme, privileges: { standard: true, secure: true, stream: true } },
	]);
}

/** @param pagePath folder of the built page */
export function answerSchemes(
	session: Session,
	pagePath: string,
	engine: Pick<EngineProcessHandle, "picture">,
): void {
	session.protocol.handle(pageScheme, (request) => answerPageRequest(request, pagePath));
	session.protocol.handle(photoScheme, (request) =>
		answerPhotoRequest(request, (size, id) => engine.picture(size, id)),
	);
}
