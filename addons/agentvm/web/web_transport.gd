@tool
extends "../core/transport.gd"
## The way to a server, or to the embedded backend, through the page of a web export.
