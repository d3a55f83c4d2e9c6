@tool
extends RefCounted
## Moves as the page sends them: in rows, since most of what comes from it is moves.

const Wire = preload("../core/wire.gd")


## The events of moves that the page's [code]src/godot/moves.ts[/code] put into rows, each [code]seq, agent_id,
## x, y, z, scene_id, sequence[/code]. [param packed] is as Godot read it: whole numbers become [int] here.
static func events(packed: Dictionary) -> Array[Dictionary]:
	var epoch: String = Wire.text(packed.get("epoch"))
	var timestamp: String = Wire.text(packed.get("timestamp"))
	var game_id: Variant = packed.get("game_id")
	var found: Array[Dictionary] = []
	for row: Array in packed["rows"]:
		var sequence: Variant = row[6]
		if sequence is float:
			sequence = int(row[6])
		found.append(
			{
				"type": "agent.moved",
				"epoch": epoch,
				"seq": int(row[0]),
				"timestamp": timestamp,
				"game_id": game_id,
				"data":
				{
					"agent_id": row[1],
					"position": {"x": row[2], "y": row[3], "z": row[4]},
					"scene_id": row[5],
					"sequence": sequence,
				},
			}
		)
	return found
