export { createMockBackend } from "./mock-backend.js";
export { IN_PAGE_ENDPOINT, type InPageFetch, type MockBackend, type MockConnection } from "./page-backend.js";
