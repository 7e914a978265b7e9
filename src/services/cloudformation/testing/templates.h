#pragma once

namespace millstream::cloudformation::testing {

// A stream, a function, a table and the trigger between them.
inline constexpr const char* kPipeline = R"(
Parameters:
  Shards: {Type: Number, Default: 2}
  Memory: {Type: Number, Default: 128}
Resources:
  Stream: {Type: AWS::Kinesis::Stream, Properties: {Name: departures, ShardCount: !Ref Shards}}
  Table:
    Type: AWS::DynamoDB::Table
    Properties:
      BillingMode: PAY_PER_REQUEST
      AttributeDefinitions: [{AttributeName: airport, AttributeType: S}]
      KeySchema: [{AttributeName: airport, KeyType: HASH}]
  Role:
    Type: AWS::IAM::Role
    Properties: {AssumeRolePolicyDocument: {Version: "2012-10-17", Statement: []}}
  Policy:
    Type: AWS::IAM::Policy
    Properties:
      PolicyName: write
      PolicyDocument: {Statement: [{Effect: Allow, Action: "dynamodb:*", Resource: !GetAtt Table.Arn}]}
      Roles: [!Ref Role]
  Function:
    Type: AWS::Lambda::Function
    Properties:
      Runtime: python3.12
      Handler: index.handler
      Role: !GetAtt Role.Arn
      MemorySize: !Ref Memory
      Environment: {Variables: {TABLE: !Ref Table}}
      Code: {ZipFile: "def handler(event, context): pass"}
  Log: {Type: AWS::Logs::LogGroup, Properties: {LogGroupName: !Sub "/aws/lambda/${Function}", RetentionInDays: 7}}
  Trigger:
    Type: AWS::Lambda::EventSourceMapping
    Properties: {EventSourceArn: !GetAtt Stream.Arn, FunctionName: !Ref Function, StartingPosition: TRIM_HORIZON}
Outputs:
  StreamArn: {Value: !GetAtt Stream.Arn}
  FunctionName: {Value: !Ref Function}
)";

}  // namespace millstream::cloudformation::testing
