export {
  createMockBackend,
  IN_PAGE_ENDPOINT,
  type InPageFetch,
  type MockBackend,
  type MockConnection,
} from "./mock-backend.js";
