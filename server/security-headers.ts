/** @file Response headers that keep the page and the pictures from being used against the person. */
import type { ServerResponse } from "node:http";

/** Headers of every answer, whatever it is. */
export function setSecurityHeaders(response: ServerResponse): void {
	response.setHeader("X-Content-Type-Options", "nosniff");
	response.setHeader("Referrer-Policy", "no-referrer");
	response.setHeader("Cross-Origin-Opener-Policy", "same-origin");
	response.setHeader("Cross-Origin-Resource-Policy", "same-origin");
	response.setHeader("X-Frame-Options", "DENY");
	response.setHeader(
		"Permissions-Policy",
		"camera=(), microphone=(), geolocation=(), display-capture=(), usb=(), serial=(), hid=(), midi=(), payment=()",
	);
	response.setHeader("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'");
	response.setHeader("Cache-Control", "no-store");
}

/**
 * The page's policy: its own scripts, styles and pictures, and its own channel. `'self'` does not
 * cover WebSockets in every browser, so the channel's address is spelt out.
 * @param host the request's `Host`, already checked to be ours
 */
export function pagePolicy(host: string): string {
	return [
		"default-src 'none'",
		"script-src 'self'",
		"style-src 'self'",
		"img-src 'self' blob: data:",
		"font-src 'self'",
		"manifest-src 'self'",
		`connect-src 'self' ws://${host}`,
		"base-uri 'none'",
		"form-action 'none'",
		"frame-ancestors 'none'",
	].join("; ");
}

/** A picture opened on its own: scripts inside an SVG never run, and it loads nothing. */
export const picturePolicy =
	"default-src 'none'; style-src 'unsafe-inline'; sandbox; frame-ancestors 'none'";
