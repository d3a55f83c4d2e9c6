export {
  createMockBackend,
  IN_PAGE_ENDPOINT,
  type MockBackend,
  type MockConnection,
} from "./mock-backend.js";
