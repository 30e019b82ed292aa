import { integer, string, Table } from "@acme/core";
import { declarativeBase } from "../mapping/base.js";
import { many, one, optional } from "../relationship/definition.js";

/** A blog: all kinds of relationships, for tests. */
export const Base = declarativeBase();

export const postTags = new Table("post_tags", Base.metadata, {
  postId: integer()
    .primaryKey()
    .references(() => Post.c.id),
  tagId: integer()
    .primaryKey()
    .references(() => Tag.c.id),
});

export class User extends Base.define(
  "User",
  {
    id: integer().primaryKey(),
    name: string(50),
    nick: string(50).nullable(),
    managerId: integer()
      .nullable()
      .references(() => User.c.id),
    manager: () => optional(User, { backPopulates: "reports" }),
    reports: () => many(User, { backPopulates: "manager" }),
    posts: () => many(Post, { backPopulates: "author", cascade: "all, delete-orphan", orderBy: Post.c.id }),
    profile: () => optional(Profile, { backPopulates: "user", cascade: "all, delete-orphan" }),
  },
  { tableName: "users" },
) {
  display(): string {
    return this.nick ?? this.name;
  }
}

export class Profile extends Base.define(
  "Profile",
  {
    id: integer().primaryKey(),
    bio: string(200),
    userId: integer().references(() => User.c.id),
    user: () => one(User, { backPopulates: "profile" }),
  },
  { tableName: "profiles" },
) {}

export class Post extends Base.define(
  "Post",
  {
    id: integer().primaryKey(),
    title: string(200),
    authorId: integer().references(() => User.c.id),
    author: () => one(User, { backPopulates: "posts" }),
    tags: () => many(Tag, { secondary: () => postTags, backPopulates: "posts", orderBy: Tag.c.name }),
  },
  { tableName: "posts" },
) {}

export class Tag extends Base.define(
  "Tag",
  {
    id: integer().primaryKey(),
    name: string(30),
    posts: () => many(Post, { secondary: () => postTags, backPopulates: "tags" }),
  },
  { tableName: "tags" },
) {}
