"""The works that are compared: the table's rows. Each peer says which of them it can do."""

import dataclasses


@dataclasses.dataclass(frozen=True)
class Work:
    key: str
    title: str
    unit: str  # what the figure counts in a second
    connections: int | None = None  # None: as the conditions say


WORKS = [
    Work("put_records_100b", "PutRecords 500 x 100 B, 64 shards", "records"),
    Work("put_records_1kb", "PutRecords 500 x 1 KB, 64 shards", "records"),
    Work("put_record", "PutRecord 1 KB", "records"),
    Work("get_records_tip", "GetRecords 1 MB pages, at the tip", "records"),
    Work("get_records_cold", "GetRecords 1 MB pages, cold from disk", "records"),
    Work("put_item", "PutItem 1 KB", "items"),
    Work("put_item_conditional", "PutItem 1 KB, conditional", "items"),
    Work("update_item_hot", "UpdateItem ADD, one hot item", "updates"),
    Work("get_item", "GetItem 1 KB, strongly consistent", "items"),
    Work("put_item_single", "PutItem 1 KB, one client", "items", connections=1),
    Work("put_record_single", "PutRecord 1 KB, one client", "records", connections=1),
    Work("small_signed", "Small request, signed (DescribeEndpoints)", "requests"),
    Work("small_plain", "Small request, unsigned GET", "requests"),
]
BY_KEY = {work.key: work for work in WORKS}
