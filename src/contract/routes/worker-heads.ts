/**
 * The calls of those who do the work on tasks, by name, as far as it takes to find one. What they say is known to those alone who make or
 * answer them: a page that plays does neither.
 */
export const workerHeads = {
  workerList: { method: "GET", path: "/workers", access: "key" },
  workerJoin: { method: "POST", path: "/workers", access: "key" },
  workerClaim: { method: "POST", path: "/workers/{worker_id}/claim", access: "key" },
  workerObserve: { method: "POST", path: "/workers/{worker_id}/observe", access: "key" },
  workerLeave: { method: "DELETE", path: "/workers/{worker_id}", access: "key" },
  taskReport: { method: "POST", path: "/tasks/{task_id}/report", access: "key" },
  taskFinish: { method: "POST", path: "/tasks/{task_id}/finish", access: "key" },
  taskReviewed: { method: "POST", path: "/tasks/{task_id}/reviewed", access: "key" },
} as const;

/** The name of one of these calls. */
export type WorkerRouteName = keyof typeof workerHeads;
