extends RefCounted
## Where things stand in the office, in metres, and how one walks between them.

## The scene's id, which the backend knows too: agents of this scene walk to its desks.
const SCENE_ID: String = "office"
## Half of the floor's width and depth.
const HALF: Vector2 = Vector2(9.0, 6.5)
const DESK_SIZE: Vector3 = Vector3(1.7, 0.72, 0.8)
const TABLE: Vector3 = Vector3(5.9, 0.0, 3.5)
const TABLE_RADIUS: float = 0.95
const RUG: Vector3 = Vector3(5.9, 0.0, -2.6)
const RUG_RADIUS: float = 2.1
const DOOR: Vector3 = Vector3(8.2, 0.0, 0.6)
## Where one waits for work, and what one looks at meanwhile: far enough from each other for a name above each.
const RESTS: Array[Array] = [
	[Vector3(4.6, 0.0, -1.4), RUG],
	[Vector3(7.3, 0.0, -3.4), RUG],
	[Vector3(-3.7, 0.0, -5.3), Vector3(-3.2, 0.0, -6.5)],
	[Vector3(7.3, 0.0, -1.3), RUG],
	[Vector3(-1.3, 0.0, -5.3), Vector3(-2.0, 0.0, -6.5)],
	[Vector3(4.5, 0.0, -3.4), RUG],
	[Vector3(-8.5, 0.0, 0.0), Vector3(-9.0, 0.0, 0.0)],
	[Vector3(6.0, 0.0, -0.4), RUG],
	[Vector3(2.9, 0.0, 2.0), Vector3(2.9, 0.0, 3.0)],
	[Vector3(-8.5, 0.0, -4.4), Vector3(-9.0, 0.0, -4.4)],
	[Vector3(8.2, 0.0, 1.4), TABLE],
	[Vector3(2.9, 0.0, 5.0), Vector3(2.9, 0.0, 6.0)],
]
const CELL: float = 0.25

## The middle of each desk.
static var desks: Array[Vector3] = _grid_of_desks()

static var _grid: AStarGrid2D = null


## Where one stands to work at a desk.
static func seat(desk: int) -> Vector3:
	return desks[desk] + Vector3(0.0, 0.0, -0.85)


## Where an agent comes in: at the door, beside those who come at the same time.
static func entry(index: int) -> Vector3:
	return DOOR + Vector3(-0.85 * (index % 2), 0.0, 0.8 * (floori(index / 2.0) % 3))


## Where an agent waits for work. Who finds every place taken stands beside another.
static func rest(index: int) -> Vector3:
	var place: Vector3 = RESTS[index % RESTS.size()][0]
	return place + Vector3(0.7, 0.0, 0.45) * floorf(float(index) / RESTS.size())


## Where a member of a team stands at the round table.
static func table_place(index: int, count: int) -> Vector3:
	var angle: float = TAU * index / maxi(1, count) - PI / 2.0
	return TABLE + Vector3(cos(angle), 0.0, sin(angle)) * (TABLE_RADIUS + 0.55)


## Where one looks from a place: to the desk, the table, or what there is to see where one waits.
static func view_from(place: Vector3) -> Vector3:
	for desk: int in desks.size():
		if place.distance_to(seat(desk)) < 0.3:
			return desks[desk]
	for rest_place: Array in RESTS:
		if place.distance_to(rest_place[0]) < 0.3:
			return rest_place[1]
	return TABLE if place.distance_to(TABLE) < TABLE_RADIUS + 1.0 else place + Vector3(0.0, 0.0, 1.0)


## The scene as the backend is told of it.
static func describe() -> Dictionary:
	var workspaces: Array[Dictionary] = []
	for desk: int in desks.size():
		workspaces.append({"id": "desk_%d" % (desk + 1), "position": seat(desk)})
	return {
		"name": "Office",
		"bounds": {"min": Vector3(-HALF.x, 0.0, -HALF.y), "max": Vector3(HALF.x, 3.0, HALF.y)},
		"spawn_points": [DOOR],
		"workspaces": workspaces,
	}


## The way from one place to another, around what stands there.
static func way(from: Vector3, to: Vector3) -> PackedVector3Array:
	if _grid == null:
		_grid = _make_grid()
	var start: Vector2i = _free_cell(from)
	var end: Vector2i = _free_cell(to)
	var path: PackedVector3Array = []
	var points: PackedVector2Array = _grid.get_point_path(start, end, true)
	# Corners alone: what lies on a straight line between its neighbours says nothing.
	for index: int in range(1, points.size() - 1):
		var before: Vector2 = points[index] - points[index - 1]
		if not before.is_equal_approx(points[index + 1] - points[index]):
			path.append(Vector3(points[index].x, 0.0, points[index].y))
	path.append(Vector3(to.x, 0.0, to.z))
	return path


static func _grid_of_desks() -> Array[Vector3]:
	var found: Array[Vector3] = []
	for row: int in 3:
		for column: int in 4:
			found.append(Vector3(-7.0 + 2.9 * column, 0.0, -3.3 + 3.5 * row))
	return found


static func _make_grid() -> AStarGrid2D:
	var grid: AStarGrid2D = AStarGrid2D.new()
	grid.region = Rect2i(_cell(Vector3(-HALF.x, 0.0, -HALF.y)), Vector2i((HALF * 2.0 / CELL).ceil()))
	grid.cell_size = Vector2(CELL, CELL)
	grid.offset = Vector2(CELL, CELL) / 2.0
	grid.diagonal_mode = AStarGrid2D.DIAGONAL_MODE_ONLY_IF_NO_OBSTACLES
	grid.default_compute_heuristic = AStarGrid2D.HEURISTIC_OCTILE
	grid.default_estimate_heuristic = AStarGrid2D.HEURISTIC_OCTILE
	grid.update()
	for desk: Vector3 in desks:
		var half: Vector3 = DESK_SIZE / 2.0 + Vector3(0.2, 0.0, 0.1)
		grid.fill_solid_region(Rect2i(_cell(desk - half), _cell(desk + half) - _cell(desk - half) + Vector2i.ONE))
	var reach: Vector3 = Vector3(0.75, 0.0, 0.75) * TABLE_RADIUS
	grid.fill_solid_region(Rect2i(_cell(TABLE - reach), _cell(TABLE + reach) - _cell(TABLE - reach) + Vector2i.ONE))
	return grid


static func _cell(at: Vector3) -> Vector2i:
	return Vector2i((Vector2(at.x, at.z) / CELL).floor())


static func _free_cell(at: Vector3) -> Vector2i:
	var inside: Rect2i = _grid.region
	var cell: Vector2i = _cell(at).clamp(inside.position, inside.end - Vector2i.ONE)
	for reach: int in 8:
		for y: int in range(-reach, reach + 1):
			for x: int in range(-reach, reach + 1):
				var near: Vector2i = cell + Vector2i(x, y)
				if inside.has_point(near) and not _grid.is_point_solid(near):
					return near
	return cell
