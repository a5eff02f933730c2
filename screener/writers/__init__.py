"""Writers: findings in the formats that people and tools read, one file a format."""
