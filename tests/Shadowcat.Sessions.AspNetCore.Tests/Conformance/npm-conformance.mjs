// Lets the protocol's conformance suite run on Node 20, whose fs has no globSync. The suite uses it for reports of clients only.
import { register } from 'node:module';

const fs = "export * from 'node:fs'; export { default } from 'node:fs'; export const globSync = () => [];";
const hook = `
export async function resolve(specifier, context, next) {
  return specifier === 'fs' && context.parentURL.includes('conformance')
    ? { url: ${JSON.stringify(`data:text/javascript,${encodeURIComponent(fs)}`)}, shortCircuit: true }
    : next(specifier, context);
}`;

if (!('globSync' in (await import('node:fs')))) {
  register(`data:text/javascript,${encodeURIComponent(hook)}`);
}
