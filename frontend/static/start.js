// The page's only script beside the one made from Rust: the content security policy allows none inside the page.
import init from './handrail-frontend.js';
init();
