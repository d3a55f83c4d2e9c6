@tool
extends RefCounted
## Positions that go out in one message. They are kept until it is known what came of them.

## Where each agent is, as the game gave it.
var positions: Dictionary[String, Variant] = {}
## The scenes of those agents alone that were given one.
var scene_ids: Dictionary[String, String] = {}
## The same as JSON, an update each.
var updates: PackedStringArray = []
