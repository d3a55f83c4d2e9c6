using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [
    ( name = "main", worker = .game ),
    ( name = "internet", network = ( allow = ["local", "public", "private"] ) )
  ],
  sockets = [ ( name = "http", address = "127.0.0.1:0", http = (), service = "main" ) ]
);
const game :Workerd.Worker = (
  modules = [ ( name = "worker", esModule = embed "workerd-built.js" ) ],
  compatibilityDate = "2024-01-01"
);
