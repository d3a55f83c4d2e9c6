import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { AgentVMProvider } from "oligarchy-agentvm/react";
import { App } from "./app.js";
import { makeClient } from "./make-client.js";
import "./style.css";

const place = document.getElementById("app");
if (place === null) throw new Error("The page has no place for the app.");

createRoot(place).render(
  <StrictMode>
    <AgentVMProvider create={makeClient} game={{ game_name: "Round table" }}>
      <App />
    </AgentVMProvider>
  </StrictMode>,
);
