// The page's only script beside the one made from Rust: the content security policy allows none inside the page.
import init from './handrail-frontend.js';
init({ module_or_path: new URL('handrail-frontend_bg.wasm', import.meta.url) });
