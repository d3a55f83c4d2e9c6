extends MeshInstance3D
## The room: floor, walls, desks and what makes it an office, built when the game starts.

const Layout = preload("layout.gd")
const MeshKit = preload("mesh_kit.gd")

const FLOOR: Color = Color("cfc4b2")
const BOARD: Color = Color("c3b7a3")
const WALL: Color = Color("e6e1d6")
const WALL_TOP: Color = Color("f2eee6")
const WOOD: Color = Color("b9926a")
const WOOD_DARK: Color = Color("8f6e4f")
const METAL: Color = Color("4a545e")
const SCREEN: Color = Color("23303b")
const GLOW: Color = Color("7fb2c9")
const RUG: Color = Color("8ba0a8")
const RUG_INNER: Color = Color("9bafb5")
const SOFA: Color = Color("6f8592")
const LEAF: Color = Color("6f9272")
const LEAF_LIGHT: Color = Color("88aa83")
const POT: Color = Color("c98d6b")


func _ready() -> void:
	var kit: MeshKit = MeshKit.new()
	_add_room(kit)
	for desk: int in Layout.desks.size():
		_add_desk(kit, Layout.desks[desk], desk)
	_add_lounge(kit)
	_add_table(kit)
	for place: Vector2 in [Vector2(-8.4, -5.9), Vector2(-8.4, 5.8), Vector2(3.3, -5.9), Vector2(8.3, 5.8), Vector2(3.2, 5.9)]:
		_add_plant(kit, Vector3(place.x, 0.0, place.y))
	mesh = kit.commit()


func _add_room(kit: MeshKit) -> void:
	var half: Vector2 = Layout.HALF
	kit.box(Vector3(0.0, -0.3, 0.0), Vector3(half.x * 2.0 + 0.5, 0.3, half.y * 2.0 + 0.5), FLOOR, 0.3)
	# Seams between the boards of the floor.
	for row: int in 12:
		kit.box(Vector3(0.0, -0.295, -half.y + 0.55 + row * 1.08), Vector3(half.x * 2.0, 0.3, 0.03), BOARD, 0.0)
	kit.box(Vector3(0.0, 0.0, -half.y - 0.12), Vector3(half.x * 2.0 + 0.48, 2.5, 0.24), WALL, 0.1)
	kit.box(Vector3(-half.x - 0.12, 0.0, 0.0), Vector3(0.24, 2.5, half.y * 2.0), WALL, 0.1)
	kit.box(Vector3(0.0, 2.5, -half.y - 0.12), Vector3(half.x * 2.0 + 0.48, 0.06, 0.26), WALL_TOP)
	kit.box(Vector3(-half.x - 0.12, 2.5, 0.0), Vector3(0.26, 0.06, half.y * 2.0), WALL_TOP)
	kit.box(Vector3(0.0, 0.0, -half.y + 0.02), Vector3(half.x * 2.0, 0.14, 0.04), WOOD_DARK)
	kit.box(Vector3(-half.x + 0.02, 0.0, 0.0), Vector3(0.04, 0.14, half.y * 2.0), WOOD_DARK)
	# A whiteboard with a plan on it, windows, and shelves.
	kit.box(Vector3(-2.6, 1.0, -half.y + 0.03), Vector3(3.4, 1.2, 0.06), METAL)
	kit.box(Vector3(-2.6, 1.05, -half.y + 0.06), Vector3(3.28, 1.1, 0.06), Color("f4f3ee"), 0.0)
	for line: int in 3:
		kit.box(Vector3(-3.6 + line * 1.05, 1.82, -half.y + 0.1), Vector3(0.7, 0.06, 0.02), METAL)
		for note: int in 3 - line % 2:
			var paper: Color = [Color("e8c268"), Color("8fb8c9"), Color("a8c79a")][(line + note) % 3]
			kit.box(Vector3(-3.6 + line * 1.05, 1.5 - note * 0.2, -half.y + 0.1), Vector3(0.5, 0.13, 0.02), paper, 0.0)
	for window: int in 3:
		var at: Vector3 = Vector3(-half.x + 0.03, 0.85, -3.6 + window * 3.6)
		kit.box(at, Vector3(0.06, 1.25, 2.2), WALL_TOP)
		kit.box(at + Vector3(0.03, 0.07, 0.0), Vector3(0.04, 1.1, 2.04), Color("a9c6d3"), 0.0)
		kit.box(at + Vector3(0.06, 0.0, 0.0), Vector3(0.03, 1.25, 0.07), WALL_TOP)
	for shelf: int in 2:
		kit.box(Vector3(6.0, 1.05 + shelf * 0.55, -half.y + 0.17), Vector3(3.6, 0.06, 0.34), WOOD)
		for book: int in 12:
			var tone: Color = [METAL, Color("a05f52"), GLOW.darkened(0.3), POT, LEAF][(book * 3 + shelf) % 5]
			var tall: float = 0.26 + 0.05 * ((book * 7) % 4)
			kit.box(Vector3(4.5 + book * 0.17 + shelf * 0.9, 1.11 + shelf * 0.55, -half.y + 0.17), Vector3(0.12, tall, 0.22), tone)


func _add_desk(kit: MeshKit, at: Vector3, index: int) -> void:
	var size: Vector3 = Layout.DESK_SIZE
	kit.shadow(at + Vector3(0.05, 0.012, 0.05), Vector2(size.x - 0.1, size.z - 0.1), FLOOR, 0.35)
	kit.box(at + Vector3(0.0, size.y - 0.06, 0.0), Vector3(size.x, 0.06, size.z), WOOD)
	for x: float in [-size.x / 2.0 + 0.08, size.x / 2.0 - 0.08]:
		kit.box(at + Vector3(x, 0.0, 0.0), Vector3(0.07, size.y - 0.06, size.z - 0.12), METAL)
	# A laptop that is open towards the seat, and a mug or some paper.
	var top: Vector3 = at + Vector3(0.0, size.y, -0.05)
	kit.box(top + Vector3(0.0, 0.0, -0.08), Vector3(0.46, 0.025, 0.3), METAL)
	kit.box(top + Vector3(0.0, 0.02, 0.09), Vector3(0.46, 0.28, 0.025), SCREEN)
	kit.box(top + Vector3(0.0, 0.04, 0.074), Vector3(0.4, 0.24, 0.012), GLOW, 0.0)
	if index % 3 != 1:
		kit.cylinder(at + Vector3(0.52, size.y, 0.16), 0.11, 0.05, 0.055, [Color("e9e4da"), POT, GLOW][index % 3], 8)
	if index % 2 == 0:
		kit.box(at + Vector3(-0.55, size.y, 0.05), Vector3(0.26, 0.02, 0.34), Color("f4f1ea"), 0.0)
	if index % 4 == 3:
		kit.cylinder(at + Vector3(-0.66, size.y, 0.2), 0.12, 0.07, 0.09, POT, 8)
		kit.cylinder(at + Vector3(-0.66, size.y + 0.12, 0.2), 0.2, 0.11, 0.02, LEAF, 7)


func _add_lounge(kit: MeshKit) -> void:
	var rug: Vector3 = Layout.RUG
	kit.disc(rug + Vector3(0.0, 0.014, 0.0), Layout.RUG_RADIUS, RUG, 32)
	kit.disc(rug + Vector3(0.0, 0.02, 0.0), Layout.RUG_RADIUS - 0.25, RUG_INNER, 32)
	kit.cylinder(rug, 0.34, 0.42, 0.42, WOOD, 14)
	kit.cylinder(rug + Vector3(0.1, 0.34, 0.05), 0.1, 0.05, 0.055, Color("e9e4da"), 8)
	var sofa: Vector3 = Vector3(rug.x, 0.0, -5.85)
	kit.shadow(sofa + Vector3(0.0, 0.012, 0.1), Vector2(3.0, 0.9), FLOOR, 0.3)
	kit.box(sofa, Vector3(3.0, 0.38, 0.85), SOFA)
	kit.box(sofa + Vector3(0.0, 0.38, -0.32), Vector3(3.0, 0.42, 0.22), SOFA.lightened(0.06))
	for x: float in [-1.42, 1.42]:
		kit.box(sofa + Vector3(x, 0.38, 0.02), Vector3(0.18, 0.2, 0.82), SOFA.lightened(0.06))
	kit.box(sofa + Vector3(-0.9, 0.38, 0.0), Vector3(0.42, 0.3, 0.16), Color("e8c268").darkened(0.1))


func _add_table(kit: MeshKit) -> void:
	var at: Vector3 = Layout.TABLE
	kit.shadow(at + Vector3(0.05, 0.012, 0.05), Vector2(1.2, 1.2), FLOOR, 0.55)
	kit.cylinder(at, 0.66, 0.3, 0.14, METAL, 10)
	kit.cylinder(at + Vector3(0.0, 0.66, 0.0), 0.06, Layout.TABLE_RADIUS, Layout.TABLE_RADIUS, WOOD, 20)
	kit.box(at + Vector3(-0.25, 0.72, 0.1), Vector3(0.3, 0.02, 0.4), Color("f4f1ea"), 0.0)
	kit.box(at + Vector3(0.3, 0.72, -0.2), Vector3(0.26, 0.02, 0.34), Color("f4f1ea"), 0.0)
	kit.cylinder(at + Vector3(0.2, 0.72, 0.4), 0.11, 0.05, 0.055, GLOW, 8)


func _add_plant(kit: MeshKit, at: Vector3) -> void:
	kit.shadow(at + Vector3(0.0, 0.012, 0.0), Vector2(0.4, 0.4), FLOOR, 0.3)
	kit.cylinder(at, 0.42, 0.2, 0.27, POT, 9)
	kit.cylinder(at + Vector3(0.0, 0.4, 0.0), 0.75, 0.42, 0.05, LEAF, 7)
	kit.cylinder(at + Vector3(0.05, 0.85, 0.02), 0.6, 0.3, 0.02, LEAF_LIGHT, 7)
